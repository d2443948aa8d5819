"""The log file of the server: one file of bounded size, written by several processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scenedex.db.embedded.locks import give_to_owner_of_folder

if TYPE_CHECKING:
    from pathlib import Path

_TAIL_BYTES = 16 * 1024


class Log:
    """A log file that is open for appending.

    Args:
        descriptor: of the file, open for reading and appending.
        max_bytes: size above which the file is trimmed.
        kept_bytes: what is left of it then: its end.
    """

    def __init__(self, descriptor: int, *, max_bytes: int = 8 * 1024**2, kept_bytes: int = 1024**2) -> None:
        self.descriptor = descriptor
        self._max_bytes = max_bytes
        self._kept_bytes = kept_bytes

    @classmethod
    def open(cls, path: Path) -> Log:
        """Open the file, creating it if need be.

        Raises:
            OSError: that is not possible.
        """
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        give_to_owner_of_folder(path, descriptor)
        return cls(descriptor)

    def size(self) -> int:
        """Bytes written so far and not trimmed."""
        return os.fstat(self.descriptor).st_size

    def lines_since(self, start: int, most: int = 20) -> list[str]:
        """The last lines written after a size was taken; fewer if the file has been trimmed since."""
        size = self.size()
        start = max(0 if start > size else start, size - _TAIL_BYTES)
        text = os.pread(self.descriptor, size - start, start).decode("utf-8", errors="replace")
        return [line for line in text.splitlines() if line.strip()][-most:]

    def trim(self) -> None:
        """Drop the beginning if the file has grown too large; a line written meanwhile may be lost."""
        size = self.size()
        if size <= self._max_bytes:
            return
        kept = os.pread(self.descriptor, self._kept_bytes, size - self._kept_bytes)
        os.ftruncate(self.descriptor, 0)
        os.write(self.descriptor, kept)

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)
