"""Log file of the server: one file of bounded size, written by several processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scenedex.db.embedded.locks import give_to_owner_of_folder

if TYPE_CHECKING:
    from pathlib import Path

_TAIL_BYTES = 16 * 1024


class Log:
    """A log file, open for reading and appending. Above ``max_bytes``, it is trimmed to its last ``kept_bytes``."""

    def __init__(self, descriptor: int, *, max_bytes: int = 8 * 1024**2, kept_bytes: int = 1024**2) -> None:
        self.descriptor = descriptor
        self._max_bytes = max_bytes
        self._kept_bytes = kept_bytes

    @classmethod
    def open(cls, path: Path) -> Log:
        """Open the file, created if missing."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        give_to_owner_of_folder(path, descriptor)
        return cls(descriptor)

    def size(self) -> int:
        """Return the size in bytes."""
        return os.fstat(self.descriptor).st_size

    def lines_since(self, start: int, max_lines: int = 20) -> list[str]:
        """Return the last lines written since the file had size ``start``, fewer if it has been trimmed."""
        size = self.size()
        start = max(0 if start > size else start, size - _TAIL_BYTES)
        text = os.pread(self.descriptor, size - start, start).decode("utf-8", errors="replace")
        return [line for line in text.splitlines() if line.strip()][-max_lines:]

    def trim(self) -> None:
        """Drop the start of the file if it is too large. A line written meanwhile may be lost."""
        size = self.size()
        if size <= self._max_bytes:
            return
        kept = os.pread(self.descriptor, self._kept_bytes, size - self._kept_bytes)
        os.ftruncate(self.descriptor, 0)
        os.write(self.descriptor, kept)

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)
