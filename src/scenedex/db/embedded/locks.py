"""File locks that end with the process that holds them."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """An open file that can hold a lock (flock).

    The lock belongs to the open file: programs that get the descriptor hold it too, until the last of them ends.
    Other programs do not inherit the descriptor.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, created for the owner of its folder if missing. Nothing is locked yet."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            give_to_owner_of_folder(path, descriptor)
        except OSError:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def try_shared(self) -> bool:
        """Acquire the lock shared, unless it is held exclusively."""
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Acquire the lock exclusively, unless it is held. A failure loses a shared hold of this file."""
        return self._try(fcntl.LOCK_EX)

    def release(self) -> None:
        """Release the lock, which can be acquired again."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file. Other holders of the descriptor keep the lock."""
        os.close(self.descriptor)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_locked(path: Path) -> bool:
    """Return whether the lock on the file is held exclusively. `False` if the file does not exist."""
    try:
        lock = FileLock(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except FileNotFoundError:
        return False
    try:
        return not lock.try_shared()
    finally:
        lock.close()


def give_to_owner_of_folder(path: Path, descriptor: int) -> None:
    """Give a file that root created in another user's folder to that user."""
    if os.geteuid() != 0 or os.fstat(descriptor).st_uid != 0:
        return
    folder = path.parent.stat()
    if folder.st_uid != 0:
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
