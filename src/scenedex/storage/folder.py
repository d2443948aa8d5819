"""Files below one root folder, without following symbolic links or opening anything but regular files.

All functions block. The root itself may be a link, which is the operator's choice.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from scenedex.storage.errors import (
    AccessDenied,
    ManagedKeyTaken,
    ObjectNotFound,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from scenedex.storage.names import folder_names, key_problem
from scenedex.storage.objects import ListedObject, ObjectInfo

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

_ROOT: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_INNER: Final = _ROOT | os.O_NOFOLLOW
# If a pipe replaces the file between the check and the opening, do not wait for its writer.
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_ABSENT: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO, errno.EINVAL})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_error(error: OSError, key: str) -> StorageError:
    """Return the storage error for an error of the operating system."""
    if error.errno in _ABSENT:
        return ObjectNotFound(key)
    if error.errno in _FORBIDDEN:
        return AccessDenied(key)
    if error.errno in _FULL:
        return StorageFull(key)
    if error.errno in {errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY}:
        return ManagedKeyTaken(key)
    return StorageUnavailable(f"{key}: {error.strerror}")


@contextmanager
def translated_errors(key: str) -> Generator[None]:
    """Raise errors of the operating system as storage errors."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, key) from error


def utc_time(nanoseconds: int) -> datetime:
    """Convert a file's timestamp in nanoseconds."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def info_of(file: int) -> ObjectInfo:
    """Return the present version of an open file."""
    status = os.fstat(file)
    etag = f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
    return ObjectInfo(status.st_size, etag, utc_time(status.st_mtime_ns))


@contextmanager
def opened(root: Path, names: Sequence[str]) -> Generator[int]:
    """Open a folder below the root for the block.

    Raises:
        OSError: a name in the path does not exist, is no folder, or is a link.
    """
    folder = os.open(root, _ROOT)
    try:
        for name in names:
            inner = os.open(name, _INNER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder
    finally:
        os.close(folder)


def open_object(root: Path, key: str, inside: tuple[str, ...] = ()) -> int:
    """Open the regular file of an object in the folder ``inside`` of the root, for reading.

    Raises:
        ObjectNotFound: there is none, or the key leads outside or to something that is no regular file.
    """
    names = folder_names(key)
    if names is None:
        raise ObjectNotFound(repr(key[:80]))
    with translated_errors(key), opened(root, (*inside, *names[:-1])) as folder:
        # Opening a device may have side effects, so check the kind first.
        if not stat.S_ISREG(os.stat(names[-1], dir_fd=folder, follow_symlinks=False).st_mode):
            raise ObjectNotFound(key)
        file = os.open(names[-1], _FILE, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise ObjectNotFound(key)
        return file


@contextmanager
def opened_object(root: Path, key: str, inside: tuple[str, ...] = ()) -> Generator[int]:
    """Open the file of an object as `open_object` does, and close it after the block."""
    file = open_object(root, key, inside)
    try:
        yield file
    finally:
        os.close(file)


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    name: str  # a folder has its closing slash, so that it sorts like its keys
    size_bytes: int
    modified_ns: int


def _entries(root: Path, names: Sequence[str]) -> list[_Entry]:
    found: list[_Entry] = []
    with opened(root, names) as folder, os.scandir(folder) as entries:
        for entry in entries:
            if key_problem(entry.name):
                continue
            with suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    found.append(_Entry(f"{entry.name}/", 0, 0))
                elif entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append(_Entry(entry.name, status.st_size, status.st_mtime_ns))
    found.sort()
    return found


def listed(root: Path, prefix: str = "", start_after: str = "", inside: tuple[str, ...] = ()) -> Iterator[ListedObject]:
    """Yield the regular files in the folder ``inside`` of the root as objects, in the order of their keys.

    Skips files that cannot be objects, and folders that vanish or are unreadable. Keeps no descriptor open between two
    items.

    Raises:
        OSError: the top folder cannot be read.
    """
    with opened(root, inside):
        pass
    top = prefix.rpartition("/")[0]
    names = folder_names(top) if top else ()
    if names is None:
        return
    levels = [_level(root, inside, names)]
    while levels:
        path, entries = levels[-1]
        entry = next(entries, None)
        if entry is None:
            levels.pop()
            continue
        key = path + entry.name
        is_folder = entry.name.endswith("/")
        if not key.startswith(prefix) and not (is_folder and prefix.startswith(key)):
            continue
        if is_folder and (key > start_after or start_after.startswith(key)):
            levels.append(_level(root, inside, tuple(key[:-1].split("/"))))
        elif not is_folder and key > start_after and key_problem(key) is None:
            yield ListedObject(key, entry.size_bytes, utc_time(entry.modified_ns))


def _level(root: Path, inside: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, Iterator[_Entry]]:
    path = "".join(f"{name}/" for name in names)
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        return path, iter(_entries(root, (*inside, *names)))
    return path, iter(())
