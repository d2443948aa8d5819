"""Files below one root folder, reached without ever following a symbolic link or opening anything but a regular file.

All functions block. The root itself may be a link; it is the operator's choice.
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
# A pipe that takes the place of a file between the look and the opening must not make us wait for its writer.
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_ABSENT: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO, errno.EINVAL})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def failure_of(error: OSError, key: str) -> StorageError:
    """What an error of the operating system means for an object."""
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
def failures(key: str) -> Generator[None]:
    """Turn errors of the operating system into ours."""
    try:
        yield
    except OSError as error:
        raise failure_of(error, key) from error


def moment_of(nanoseconds: int) -> datetime:
    """The UTC time of a file's timestamp."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def info_of(file: int) -> ObjectInfo:
    """The version that an open file has now."""
    status = os.fstat(file)
    etag = f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
    return ObjectInfo(status.st_size, etag, moment_of(status.st_mtime_ns))


def open_folder(root: Path, names: Sequence[str]) -> int:
    """A descriptor of a folder below the root.

    Raises:
        OSError: something on the way is absent, no folder, or a link.
    """
    folder = os.open(root, _ROOT)
    for name in names:
        try:
            inner = os.open(name, _INNER, dir_fd=folder)
        finally:
            os.close(folder)
        folder = inner
    return folder


@contextmanager
def opened(root: Path, names: Sequence[str]) -> Generator[int]:
    """A descriptor of a folder below the root, closed afterwards."""
    folder = open_folder(root, names)
    try:
        yield folder
    finally:
        os.close(folder)


def open_object(root: Path, key: str, inside: tuple[str, ...] = ()) -> int:
    """A read-only descriptor of the regular file that is this object, in the folder ``inside`` of the root.

    Raises:
        ObjectNotFound: there is none, or the key leads elsewhere, or to something that is no regular file.
        AccessDenied: the operating system says so.
        StorageUnavailable: the disk fails.
    """
    names = folder_names(key)
    if names is None:
        raise ObjectNotFound(repr(key[:80]))
    with failures(key), opened(root, (*inside, *names[:-1])) as folder:
        # Opening a device may do something to it, so the kind is looked at first.
        if not stat.S_ISREG(os.stat(names[-1], dir_fd=folder, follow_symlinks=False).st_mode):
            raise ObjectNotFound(key)
        file = os.open(names[-1], _FILE, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise ObjectNotFound(key)
        return file


@contextmanager
def opened_object(root: Path, key: str, inside: tuple[str, ...] = ()) -> Generator[int]:
    """`open_object`, closed afterwards."""
    file = open_object(root, key, inside)
    try:
        yield file
    finally:
        os.close(file)


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    name: str  # of a folder: with its closing slash, which puts it where its keys belong
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
    """The regular files in the folder ``inside`` of the root as objects, in the order of their keys.

    What cannot be an object is left out; folders that vanish or may not be read meanwhile are passed over. Holds no
    descriptor between two items.

    Raises:
        OSError: the folder cannot be read.
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
            yield ListedObject(key, entry.size_bytes, moment_of(entry.modified_ns))


def _level(root: Path, inside: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, Iterator[_Entry]]:
    path = "".join(f"{name}/" for name in names)
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        return path, iter(_entries(root, (*inside, *names)))
    return path, iter(())
