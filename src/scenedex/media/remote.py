"""File whose bytes the parent process reads."""

from __future__ import annotations

import io
import os
from collections import OrderedDict

from scenedex.media.errors import MediaUnreadable
from scenedex.media.messages import RANGE, RANGE_LENGTH

_BLOCK_BYTES = 2 * 1024**2
_KEPT_BLOCKS = 8


class RemoteFile(io.RawIOBase):
    """Reads blocks through a descriptor to the parent, and caches the last few."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self._descriptor = descriptor
        self._size = size_bytes
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

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
        wanted = self._size - self._position if size < 0 else size
        parts: list[bytes] = []
        while wanted > 0 and self._position < self._size:
            number, start = divmod(self._position, _BLOCK_BYTES)
            part = self._block(number)[start : start + wanted]
            if not part:
                break
            parts.append(part)
            self._position += len(part)
            wanted -= len(part)
        return b"".join(parts)

    def _block(self, number: int) -> bytes:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        offset = number * _BLOCK_BYTES
        os.write(self._descriptor, RANGE.pack(offset, min(_BLOCK_BYTES, self._size - offset)))
        (length,) = RANGE_LENGTH.unpack(self._exactly(RANGE_LENGTH.size))
        block = self._exactly(length)
        self._blocks[number] = block
        if len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return block

    def _exactly(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            part = os.read(self._descriptor, size)
            if not part:
                raise MediaUnreadable("The file cannot be read any further.")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
