"""Files whose size is known, and whose bytes come from elsewhere."""

from __future__ import annotations

import io
import os
from abc import ABC, abstractmethod


class SizedFile(io.RawIOBase, ABC):
    """A file to read and seek in, whose bytes a subclass reads.

    Args:
        size_bytes: number of its bytes.
    """

    def __init__(self, size_bytes: int) -> None:
        self._size = size_bytes
        self._position = 0

    @abstractmethod
    def read_from(self, offset: int, size: int) -> bytes:
        """Return at least one and at most ``size`` bytes from an offset on, or none if they cannot be had."""

    def readable(self) -> bool:
        """Return `True`."""
        return True

    def seekable(self) -> bool:
        """Return `True`."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Change the position."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, origin + offset)
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, or all remaining ones if it is negative."""
        left = max(0, self._size - self._position)
        wanted = left if size < 0 else min(size, left)
        parts: list[bytes] = []
        while wanted > 0 and (part := self.read_from(self._position, wanted)):
            parts.append(part)
            self._position += len(part)
            wanted -= len(part)
        return b"".join(parts)
