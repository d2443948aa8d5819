"""Locks on files that end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """One holder or would-be holder of the lock on a file (flock).

    The lock belongs to the open file: a program that is given the descriptor holds it too, and it is free when
    the last of them has ended. Descriptors are not inherited by other programs unless passed on purpose.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, creating it if need be as one of its folder's owner; nothing is locked yet.

        Raises:
            OSError: the file can be neither opened nor created.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            give_to_owner_of_folder(path, descriptor)
        except OSError:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def try_shared(self) -> bool:
        """Hold the lock together with others, unless someone holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Hold the lock alone, unless others hold it; a shared hold of our own is lost when this fails."""
        return self._try(fcntl.LOCK_EX)

    def release(self) -> None:
        """Hold the lock no longer; it can be taken again."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Forget the file; the lock stays with other holders of the same descriptor."""
        os.close(self.descriptor)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_locked(path: Path) -> bool:
    """Whether anyone holds the lock on the file alone; False if there is no such file.

    Raises:
        OSError: the file cannot be opened.
    """
    try:
        lock = FileLock(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except FileNotFoundError:
        return False
    try:
        return not lock.try_shared()
    finally:
        lock.close()


def give_to_owner_of_folder(path: Path, descriptor: int) -> None:
    """Let a file that root made in another user's folder belong to that user."""
    if os.geteuid() != 0 or os.fstat(descriptor).st_uid != 0:
        return
    folder = path.parent.stat()
    if folder.st_uid != 0:
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
