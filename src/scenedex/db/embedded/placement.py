"""Choice of the server's files and account."""

from __future__ import annotations

import hashlib
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import Binaries, copied_binaries, installed_binaries
from scenedex.db.embedded.errors import AccountUnnamed, ClusterLost, FolderOfAnotherUser, FolderOutOfReach, RootRefused
from scenedex.db.embedded.folders import ControlFolder, ServerFolder, write_durably
from scenedex.db.embedded.identity import IdentityKind, ServerIdentity, can_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

# Accounts that may own files, in order of preference.
_UNPRIVILEGED_NAMES = ("postgres", "nobody")
# Accounts inside a namespace, in order of preference. The id of "nobody" also represents all users outside.
_NAMES_INSIDE = ("postgres", "daemon", "bin", "nobody")


@dataclass(frozen=True, slots=True)
class RootPolicy:
    """Options for root, since PostgreSQL refuses to run as root.

    Attributes:
        use_namespace: whether to run PostgreSQL in a user namespace, with files owned by root.
        fallback_folder: folder for files of an unprivileged account that cannot reach the data folder. Every account
            must be able to reach this one.
    """

    use_namespace: bool = True
    fallback_folder: Path = Path("/var/lib/scenedex")


@dataclass(frozen=True, slots=True)
class Placement:
    """Files and account of a server."""

    server: ServerFolder
    binaries: Binaries
    identity: ServerIdentity


def open_control_folder(data_dir: Path) -> ControlFolder:
    """Return the control folder of a data folder, created private and owned by the owner of the data folder.

    Raises:
        FolderOfAnotherUser: it exists and belongs to another user, and the process is not root.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    control = ControlFolder(data_dir.resolve() / "postgres")
    owner = data_dir.stat()
    _make_private(control.path, owner if _is_named(owner.st_uid) else None)
    _check_owner(control.path)
    return control


def choose_placement(control: ControlFolder, policy: RootPolicy) -> Placement:
    """Choose files and account, and create the server folder. The caller holds the start lock.

    An existing cluster keeps its place. Only its owner may change, from root to an unprivileged account.

    Raises:
        EmbeddedPostgresError: no account can run PostgreSQL on these files.
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
        account = ServerIdentity(IdentityKind.ACCOUNT, owner.st_uid, owner.st_gid)
        if not can_reach(server.path, account.uid, account.gid):
            raise FolderOutOfReach(f"user id {account.uid} at {server.path}")
        return Placement(server, _binaries_for(account, binaries, policy), account)
    if policy.use_namespace and sys.platform == "linux":
        inside = _account(_NAMES_INSIDE)
        return Placement(server, binaries, ServerIdentity(IdentityKind.NAMESPACE, inside.pw_uid, inside.pw_gid))
    return _use_other_account(control, server, binaries, policy)


def _ordinary_identity(policy: RootPolicy) -> ServerIdentity:
    if _is_named(os.geteuid()):
        return ServerIdentity(IdentityKind.SAME)
    if not policy.use_namespace or sys.platform != "linux":
        raise AccountUnnamed(f"user id {os.geteuid()}")
    inside = _account(_NAMES_INSIDE)
    return ServerIdentity(IdentityKind.NAMESPACE, inside.pw_uid, inside.pw_gid)


def _use_other_account(
    control: ControlFolder, server: ServerFolder, binaries: Binaries, policy: RootPolicy
) -> Placement:
    entry = _account(_UNPRIVILEGED_NAMES)
    account = ServerIdentity(IdentityKind.ACCOUNT, entry.pw_uid, entry.pw_gid)
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


def _binaries_for(account: ServerIdentity, binaries: Binaries, policy: RootPolicy) -> Binaries:
    if can_reach(binaries.postgres, account.uid, account.gid):
        return binaries
    return copied_binaries(binaries, _shared_folder(policy, account))


def _shared_folder(policy: RootPolicy, account: ServerIdentity) -> Path:
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
    raise RootRefused("there is no account named " + " or ".join(names))
