"""Merging a listing of objects with rows, both sorted by key. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from scenedex.reconciliation.object_queries import ErasureNote, Needed, Owner
    from scenedex.storage.objects import ListedObject


Row = TypeVar("Row", bound="Owner | ErasureNote")
T = TypeVar("T")


@dataclass(slots=True)
class _Peekable(Generic[T]):
    """Iterator with a look at the next item."""

    items: AsyncIterator[T]
    head: T | None = None
    is_read: bool = False

    async def peek(self) -> T | None:
        if not self.is_read:
            self.head = await anext(self.items, None)
            self.is_read = True
        return self.head

    def take(self) -> None:
        # The end stays read.
        self.is_read = self.head is None


class Folders(Generic[Row]):
    """Folders of rows, sorted, around the keys of a listing."""

    def __init__(self, items: AsyncIterator[Row]) -> None:
        self._items = _Peekable(items)
        self._open: list[Row] = []

    async def around(self, key: str) -> Sequence[Row]:
        """Return the rows whose folder contains the key, outermost first. Keys must come in their order."""
        self._open = [folder for folder in self._open if key.startswith(folder.prefix)]
        while (item := await self._items.peek()) is not None and item.prefix <= key:
            self._items.take()
            if key.startswith(item.prefix):
                self._open.append(item)
        return self._open


class Needs:
    """Rows, sorted by key, whose object is not in a listing."""

    def __init__(self, items: AsyncIterator[Needed]) -> None:
        self._items = _Peekable(items)

    async def unmet(self, found: ListedObject | None) -> AsyncGenerator[Needed]:
        """Yield rows with keys up to the listed object that miss theirs. `None` ends the listing."""
        while (item := await self._items.peek()) is not None:
            if found is not None and item.key > found.key:
                return
            self._items.take()
            if found is None or item.key < found.key or not item.is_met_by(found):
                yield item
