"""Account that PostgreSQL runs as, which is never root."""

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
    """Ways of a process to an account that PostgreSQL accepts."""

    SAME = "same"
    NAMESPACE = "namespace"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """An account to run as.

    ``SAME`` is the current account. ``NAMESPACE`` is the current account seen as another one inside a user namespace:
    PostgreSQL sees an ordinary account with a name, and the files keep their owner. ``ACCOUNT`` is another account.
    The ids are those inside the namespace or of the other account.
    """

    kind: IdentityKind
    uid: int = 0
    gid: int = 0

    def assume(self) -> None:
        """Switch this process, which must have a single thread, to the account.

        Raises:
            NamespaceForbidden: the system refuses. The process cannot be used any further.
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
    """Return whether an account may search all folders above a path and the path itself, by their modes."""
    for folder in (path, *path.parents):
        status = folder.stat()
        needed = 0o100 if status.st_uid == uid else 0o010 if status.st_gid == gid else 0o001
        if not status.st_mode & needed:
            return False
    return True
