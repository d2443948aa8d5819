"""File whose bytes the parent process reads."""

from __future__ import annotations

import os
from collections import OrderedDict

from scenedex.media.errors import MediaUnreadable
from scenedex.media.messages import RANGE, RANGE_LENGTH
from scenedex.media.sized_files import SizedFile

_BLOCK_BYTES = 2 * 1024**2
_KEPT_BLOCKS = 8


class RemoteFile(SizedFile):
    """Reads blocks through a descriptor to the parent, and caches the last few."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        super().__init__(size_bytes)
        self._descriptor = descriptor
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def read_from(self, offset: int, size: int) -> bytes:
        """See `SizedFile`."""
        number, start = divmod(offset, _BLOCK_BYTES)
        return self._block(number)[start : start + size]

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
