"""Temporary files of a local store: hidden and locked while written, then renamed to their key.

A killed writer leaves an unlocked file behind, which the next writer removes. All functions block.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from scenedex.storage.errors import AccessDenied, ManagedKeyTaken, ObjectNotFound, StorageUnavailable
from scenedex.storage.folder import info_of, translated_errors, utc_time
from scenedex.storage.objects import UnfinishedWrite

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from scenedex.storage.objects import ObjectInfo

_FOLDER: Final = ".incoming"
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BUFFER_BYTES: Final = 1 << 20
_PUBLISHING_ATTEMPTS: Final = 64

# Two different file systems, or a kernel or sandbox without the call: copy through a buffer instead.
_NO_KERNEL_COPY: Final = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM})


def _make_folders(folder: Path) -> None:
    if not folder.is_dir():
        _make_folders(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def prune_folders(root: Path, folder: Path) -> None:
    """Remove a folder below the root, and its parents, while they are empty."""
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _fsync_folders(root: Path, folder: Path) -> None:
    while folder != root.parent:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folder = folder.parent


@contextmanager
def _translated_write_errors(key: str) -> Generator[None]:
    """Translate errors, but report missing or unwritable folders of the store as `StorageUnavailable`."""
    try:
        with translated_errors(key):
            yield
    except (ObjectNotFound, AccessDenied) as error:
        raise StorageUnavailable(f"the managed folder cannot be written to ({error.__cause__})") from error


class IncomingFile:
    """Temporary file of an object. Call `create` first and `discard` last, even after `publish`.

    Every method may raise `StorageUnavailable` or `StorageFull`.
    """

    def __init__(self, root: Path, key: str) -> None:
        self._root = root
        self._key = key
        self._path = root / _FOLDER / uuid4().hex
        self._file: int | None = None

    @property
    def _open_file(self) -> int:
        if self._file is None:
            raise RuntimeError("the file has not been created")
        return self._file

    def create(self) -> None:
        """Create the empty file, and remove the files of killed writers."""
        with _translated_write_errors(self._key):
            _make_folders(self._path.parent)
            while True:
                self._file = os.open(self._path, _NEW, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX)
                if os.fstat(self._file).st_nlink:
                    break
                # Another writer removed it before it was locked. A third one may be about to remove that name.
                os.close(self._file)
                self._path = self._path.with_name(uuid4().hex)
            _sweep(self._path.parent)

    def write(self, data: bytes) -> None:
        """Append bytes."""
        rest = memoryview(data)
        with _translated_write_errors(self._key):
            while rest:
                rest = rest[os.write(self._open_file, rest) :]

    def copy_from(self, source: int, offset: int, length: int) -> int:
        """Copy up to ``length`` bytes at ``offset`` of an open file to the same offset, and return their number."""
        with _translated_write_errors(self._key):
            return _copy_slice(source, self._open_file, offset, length)

    def publish(self, *, durable: bool) -> ObjectInfo:
        """Rename the file to its key, replacing any object there. ``durable`` survives a crash of the machine.

        Raises:
            ManagedKeyTaken: the key is a folder, or one of its folders is an object.
        """
        with _translated_write_errors(self._key):
            if durable:
                os.fsync(self._open_file)
            rename_into(self._root, self._path, self._root / self._key, durable=durable)
            return info_of(self._open_file)

    def discard(self) -> None:
        """Close the file, and remove it unless it was published."""
        if self._file is None:
            return
        with _translated_write_errors(self._key):
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


def rename_into(root: Path, path: Path, target: Path, *, durable: bool) -> None:
    """Rename a file to a path below the root, and create its folders.

    Raises:
        ManagedKeyTaken: the target is a folder, or one of its folders is a file.
        FileNotFoundError: there is no file at ``path``.
    """
    for _ in range(_PUBLISHING_ATTEMPTS):
        try:
            _make_folders(target.parent)
            path.rename(target)
            if durable:
                _fsync_folders(root, target.parent)
        except (NotADirectoryError, IsADirectoryError) as error:
            raise ManagedKeyTaken(str(target.relative_to(root))) from error
        except FileNotFoundError:
            if not (path.exists() or target.exists()):
                raise
            continue  # a concurrent deletion has just pruned the folder
        return
    raise StorageUnavailable(f"{target.parent.relative_to(root)} is removed repeatedly")


def abandoned_writes(root: Path) -> list[UnfinishedWrite]:
    """Return the temporary files of killed writers below the root of a store."""
    folder = root / _FOLDER
    found: list[UnfinishedWrite] = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError), _opened(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found.append(UnfinishedWrite(None, path.name, utc_time(os.fstat(file).st_mtime_ns)))
    return found


def remove_abandoned(root: Path, token: str) -> None:
    """Remove the temporary file of a killed writer if it exists."""
    with suppress(OSError):
        _remove_unlocked(root / _FOLDER / token)


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(OSError):
            _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    with _opened(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Generator[int]:
    file = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield file
    finally:
        os.close(file)


def _copy_slice(source: int, target: int, offset: int, length: int) -> int:
    """Copy in the kernel, sharing blocks if the file system can, or else through a buffer of 1 MiB."""
    if sys.platform == "linux":
        try:
            if copied := os.copy_file_range(source, target, length, offset, offset):
                return copied
        except OSError as error:
            if error.errno not in _NO_KERNEL_COPY:
                raise
    done = 0
    while done < length:
        data = memoryview(os.pread(source, min(length - done, _BUFFER_BYTES), offset + done))
        if not data:
            break
        while data:
            written = os.pwrite(target, data, offset + done)
            data = data[written:]
            done += written
    return done
