"""Where the server's files lie and which account it runs as."""

from __future__ import annotations

import hashlib
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import Binaries, copied_binaries, installed_binaries
from scenedex.db.embedded.errors import (
    AccountUnnamed,
    ClusterLost,
    FolderOfAnotherUser,
    FolderOutOfReach,
    RootRefused,
)
from scenedex.db.embedded.folders import ControlFolder, ServerFolder, write_durably
from scenedex.db.embedded.identity import Identity, IdentityKind, can_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

# Accounts that may own files, the most fitting first.
_UNPRIVILEGED_NAMES = ("postgres", "nobody")
# Names that PostgreSQL may see inside a namespace. There the id of "nobody" also stands for everyone outside.
_NAMES_INSIDE = ("postgres", "daemon", "bin", "nobody")


@dataclass(frozen=True, slots=True)
class RootPolicy:
    """What root, as whom PostgreSQL refuses to run, may do instead.

    Attributes:
        may_use_namespace: run PostgreSQL in a user namespace, its files staying root's.
        fallback_folder: where the files of an unprivileged account go if that account cannot reach the data
            folder; every account must be able to reach this one.
    """

    may_use_namespace: bool = True
    fallback_folder: Path = Path("/var/lib/scenedex")


@dataclass(frozen=True, slots=True)
class Placement:
    """The files and the account of a server."""

    server: ServerFolder
    binaries: Binaries
    identity: Identity


def open_control_folder(data_dir: Path) -> ControlFolder:
    """The control folder of a data folder, made private and by the account that owns the data folder.

    Raises:
        FolderOfAnotherUser: it exists and is neither ours nor, for root, anyone's.
        OSError: it cannot be made.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    control = ControlFolder(data_dir.resolve() / "postgres")
    _make_private(control.path, _named_owner(data_dir.stat()))
    _check_owner(control.path)
    return control


def settle(control: ControlFolder, policy: RootPolicy) -> Placement:
    """Decide on files and account, and make the server folder; the caller holds the start lock.

    A cluster that exists stays where it is: only its owner may change, from root to an unprivileged account.

    Raises:
        EmbeddedPostgresError: no account can run PostgreSQL on these files.
        OSError: the server folder cannot be made.
    """
    server, binaries = control.server(), installed_binaries()
    if control.location_file.exists():
        if not server.path.is_dir():
            raise ClusterLost(str(server.path))
    else:
        _make_private(server.path, control.path.stat())
    _check_owner(server.path)
    owner = server.path.stat()
    if os.geteuid() != 0:
        return Placement(server, binaries, _ordinary_identity(policy))
    if owner.st_uid != 0:
        account = Identity(IdentityKind.ACCOUNT, owner.st_uid, owner.st_gid)
        if not can_reach(server.path, account.uid, account.gid):
            raise FolderOutOfReach(f"user id {account.uid} at {server.path}")
        return Placement(server, _binaries_for(account, binaries, policy), account)
    if policy.may_use_namespace and sys.platform == "linux":
        inside = _account(_NAMES_INSIDE)
        return Placement(server, binaries, Identity(IdentityKind.NAMESPACE, inside.pw_uid, inside.pw_gid))
    return _give_away(control, server, binaries, policy)


def _ordinary_identity(policy: RootPolicy) -> Identity:
    if _is_named(os.geteuid()):
        return Identity(IdentityKind.SAME)
    if not policy.may_use_namespace or sys.platform != "linux":
        raise AccountUnnamed(f"user id {os.geteuid()}")
    inside = _account(_NAMES_INSIDE)
    return Identity(IdentityKind.NAMESPACE, inside.pw_uid, inside.pw_gid)


def _give_away(control: ControlFolder, server: ServerFolder, binaries: Binaries, policy: RootPolicy) -> Placement:
    entry = _account(_UNPRIVILEGED_NAMES)
    account = Identity(IdentityKind.ACCOUNT, entry.pw_uid, entry.pw_gid)
    binaries = _binaries_for(account, binaries, policy)
    if can_reach(control.path.parent, account.uid, account.gid):
        control.path.chmod(0o711)
    elif server.cluster.exists():
        raise RootRefused(f"the account {entry.pw_name} cannot reach {server.path}")
    else:
        name = hashlib.sha256(os.fsencode(control.path)).hexdigest()[:16]
        server.path.rmdir()
        server = ServerFolder(_shared_folder(policy, account) / name)
        _make_private(server.path, None)
        write_durably(control.location_file, f"{server.path}\n")
    for path in (*server.path.rglob("*"), server.path):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return Placement(server, binaries, account)


def _binaries_for(account: Identity, binaries: Binaries, policy: RootPolicy) -> Binaries:
    if can_reach(binaries.postgres, account.uid, account.gid):
        return binaries
    return copied_binaries(binaries, _shared_folder(policy, account))


def _shared_folder(policy: RootPolicy, account: Identity) -> Path:
    folder = policy.fallback_folder
    try:
        folder.mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        raise RootRefused(f"{folder}: {error.strerror}") from error
    if not can_reach(folder, account.uid, account.gid):
        raise RootRefused(f"the account with user id {account.uid} cannot reach {folder}")
    return folder


def _make_private(folder: Path, owner: os.stat_result | None) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    if owner is not None and os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(folder, owner.st_uid, owner.st_gid)


def _check_owner(folder: Path) -> None:
    owner = folder.stat().st_uid
    if os.geteuid() not in {0, owner}:
        raise FolderOfAnotherUser(f"{folder} belongs to user id {owner}")


def _named_owner(status: os.stat_result) -> os.stat_result | None:
    return status if _is_named(status.st_uid) else None


def _is_named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _account(names: Sequence[str]) -> pwd.struct_passwd:
    for name in names:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RootRefused("there is no account of the name " + " or ".join(names))
