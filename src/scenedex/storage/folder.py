"""Files below one root folder, without following symbolic links or opening anything but regular files.

All functions block. The root itself may be a link, which is the operator's choice.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
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
    return ObjectInfo(status.st_size, _etag_of(status), utc_time(status.st_mtime_ns))


def _etag_of(status: os.stat_result) -> str:
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"


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


# Names of a folder are read at once, and the facts about so many files at a time.
_FILES_AT_ONCE: Final = 1000


def _names(root: Path, names: Sequence[str]) -> list[str]:
    """Return the sorted names in a folder. That of a folder has its closing slash, so that it sorts like its keys."""
    found: list[str] = []
    with opened(root, names) as folder, os.scandir(folder) as entries:
        for entry in entries:
            if key_problem(entry.name):
                continue
            with suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    found.append(f"{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    found.append(entry.name)
    found.sort()
    return found


def _files(root: Path, names: Sequence[str], path: str, files: Sequence[str]) -> Iterator[ListedObject]:
    """Yield those of the files in a folder that exist and are regular."""
    found: list[ListedObject] = []
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError), opened(root, names) as folder:
        for name in files:
            with suppress(FileNotFoundError):
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    modified = utc_time(status.st_mtime_ns)
                    found.append(ListedObject(path + name, status.st_size, modified, _etag_of(status)))
    return iter(found)


def listed(
    root: Path, prefix: str = "", start_after: str = "", inside: tuple[str, ...] = (), *, is_recursive: bool = True
) -> Iterator[ListedObject]:
    """Yield the regular files in the folder ``inside`` of the root as objects, in the order of their keys.

    Skips files that cannot be objects, and folders that vanish or are unreadable. Keeps no descriptor open between two
    items. Unless ``is_recursive``, folders below that of the prefix are not read.

    Raises:
        OSError: the top folder cannot be read.
    """
    with opened(root, inside):
        pass
    top = prefix.rpartition("/")[0]
    names = folder_names(top) if top else ()
    if names is None:
        return
    levels = [_Level(root, inside, names)]
    while levels:
        level = levels[-1]
        files, folder = level.next_part(prefix, start_after)
        yield from _files(root, (*inside, *level.names), level.path, files)
        if folder is None:
            levels.pop()
        elif folder and is_recursive:
            levels.append(_Level(root, inside, (*level.names, folder[:-1])))


def _is_wanted(key: str, prefix: str, start_after: str, *, is_folder: bool) -> bool:
    if is_folder:
        may_begin = key.startswith(prefix) or prefix.startswith(key)
        return may_begin and (key > start_after or start_after.startswith(key))
    return key.startswith(prefix) and key > start_after and key_problem(key) is None


class _Level:
    """Folder on the way of a listing, and its names that are still to be listed."""

    def __init__(self, root: Path, inside: tuple[str, ...], names: tuple[str, ...]) -> None:
        self.names = names
        self.path = "".join(f"{name}/" for name in names)
        self._left: Iterator[str] = iter(())
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            self._left = iter(_names(root, (*inside, *names)))

    def next_part(self, prefix: str, start_after: str) -> tuple[list[str], str | None]:
        """Return the next files of a listing, and the folder that follows them. There is none at the end.

        The folder is an empty text if there may be more files instead.
        """
        files: list[str] = []
        for name in self._left:
            is_folder = name.endswith("/")
            if not _is_wanted(self.path + name, prefix, start_after, is_folder=is_folder):
                continue
            if is_folder:
                return files, name
            files.append(name)
            if len(files) == _FILES_AT_ONCE:
                return files, ""
        return files, None
