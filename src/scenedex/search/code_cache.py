"""Cache of sign codes in a worker process.

Each search first reads the packs that were added since the last one, in its own snapshot. Codes of deleted vectors stay
for a while: a search joins what it finds with the vectors that exist.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scenedex.search import code_queries
from scenedex.search.code_list import CodeList
from scenedex.search.codes import nearest_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from scenedex.db.database import Transaction
    from scenedex.search.code_queries import CodeSet, PackPage, QueriedSet
    from scenedex.search.codes import NearCodes, SceneKeys

_PAGE: Final = 4000  # packs
# A list is read again when this share of it is of deleted packs.
_MAX_REMOVED: Final = 0.3


class CodeCache:
    """Codes of the sets that were searched last, in at most ``max_bytes``.

    A set that does not fit is read from the database for each search.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lists: dict[int, _CachedList] = {}
        """By id of the set, that of the latest search last."""

    @property
    def size_bytes(self) -> int:
        """Memory that the codes occupy."""
        return sum(one.codes.size_bytes for one in self._lists.values())

    async def nearest(
        self, tx: Transaction, found: QueriedSet, count: int, among: SceneKeys | None = None
    ) -> NearCodes:
        """Return up to ``count`` vectors of a set with the nearest codes, if given among those of some scenes.

        Some of them may be deleted.
        """
        cached = self._list_for(found.codes)
        if cached is None:
            return await _nearest_in_database(tx, found, count, among)
        await cached.update(tx, found.codes)
        return await asyncio.to_thread(cached.codes.nearest, found.query, count, among)

    async def keep(self, tx: Transaction, sets: Sequence[CodeSet]) -> None:
        """Read the codes of all sets that exist, as long as they fit, and forget those of others.

        Sets that were searched stay.
        """
        existing = {one.set_id for one in sets}
        self._lists = {set_id: one for set_id, one in self._lists.items() if set_id in existing}
        for one in sets:
            cached = self._lists.get(one.set_id)
            if cached is None and self.size_bytes + _estimated_bytes(one) <= self._max_bytes:
                cached = self._list_for(one)
            if cached is not None:
                await cached.update(tx, one)

    def _list_for(self, found: CodeSet) -> _CachedList | None:
        cached = self._lists.pop(found.set_id, None)
        if cached is not None and found.removed - cached.removed > _MAX_REMOVED * len(cached.codes):
            cached = None
        if cached is None:
            wanted = _estimated_bytes(found)
            if wanted > self._max_bytes:
                return None
            while self._lists and self.size_bytes + wanted > self._max_bytes:
                del self._lists[next(iter(self._lists))]
            cached = _CachedList(CodeList(found.format, found.vectors), found.removed)
        self._lists[found.set_id] = cached
        return cached


def _estimated_bytes(found: CodeSet) -> int:
    return CodeList.estimate_bytes(found.format, found.vectors)


@dataclass(slots=True)
class _CachedList:
    codes: CodeList
    removed: int
    """Vectors of deleted packs when the list was started."""
    version: int = 0
    index_id: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def update(self, tx: Transaction, found: CodeSet) -> None:
        """Add the packs that were written since the last call, up to those of the set as it was found."""
        async with self.lock:
            if self.version >= found.version:
                return
            async for page in _pages(tx, found.set_id, self.version, self.index_id):
                await asyncio.to_thread(self.codes.add, page.owners or b"", page.entries or b"")
                self.version, self.index_id = page.version or 0, page.index_id or 0


async def _nearest_in_database(tx: Transaction, found: QueriedSet, count: int, among: SceneKeys | None) -> NearCodes:
    codes = found.codes
    nearest = CodeList(codes.format).nearest(found.query, count)
    async for page in _pages(tx, codes.set_id, 0, 0):

        def compare(page: PackPage, best: NearCodes) -> NearCodes:
            part = CodeList(codes.format)
            part.add(page.owners or b"", page.entries or b"")
            return nearest_of([best, part.nearest(found.query, count, among)], count)

        nearest = await asyncio.to_thread(compare, page, nearest)
    return nearest


async def _pages(tx: Transaction, set_id: int, version: int, index_id: int) -> AsyncGenerator[PackPage]:
    while True:
        page = await code_queries.read_packs(tx, set_id, version, index_id, _PAGE)
        if page.packs:
            yield page
        if page.packs < _PAGE:
            return
        version, index_id = page.version or 0, page.index_id or 0
