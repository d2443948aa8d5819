"""The account that PostgreSQL runs as, which is never root."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scenedex.db.embedded.errors import NamespaceForbidden

_CLONE_NEWUSER = 0x10000000


class IdentityKind(StrEnum):
    """How a process comes to an account that PostgreSQL accepts."""

    SAME = "same"
    NAMESPACE = "namespace"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Identity:
    """An account to run as.

    ``SAME`` is our own. ``NAMESPACE`` is our own outside and another one inside a user namespace: PostgreSQL sees
    an ordinary account with a name, and every file still belongs to us. ``ACCOUNT`` is another one for good.

    Attributes:
        kind: which of the three.
        uid: user id inside the namespace or of the other account; without meaning for ``SAME``.
        gid: group id, likewise.
    """

    kind: IdentityKind
    uid: int = 0
    gid: int = 0

    def assume(self) -> None:
        """Make this process, which must have a single thread, run as the account.

        Raises:
            NamespaceForbidden: the system does not let us; the process is of no further use.
            OSError: the process may not change to the account.
        """
        match self.kind:
            case IdentityKind.SAME:
                pass
            case IdentityKind.NAMESPACE:
                self._enter_namespace()
            case IdentityKind.ACCOUNT:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)

    def _enter_namespace(self) -> None:
        uid, gid = os.geteuid(), os.getegid()
        if sys.platform != "linux":
            raise NamespaceForbidden("only Linux has them")
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWUSER) != 0:
            raise NamespaceForbidden(os.strerror(ctypes.get_errno()))
        try:
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{self.uid} {uid} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{self.gid} {gid} 1", encoding="ascii")
        except OSError as error:
            raise NamespaceForbidden(str(error)) from error


def can_reach(path: Path, uid: int, gid: int) -> bool:
    """Whether an account may pass through all folders above a path and through the path itself, by their modes."""
    for folder in (path, *path.parents):
        status = folder.stat()
        needed = 0o100 if status.st_uid == uid else 0o010 if status.st_gid == gid else 0o001
        if not status.st_mode & needed:
            return False
    return True
