"""Merging a listing of objects with rows, both sorted by key. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from scenedex.storage.objects import ListedObject


class FolderRow(Protocol):
    """A row with a folder."""

    @property
    def prefix(self) -> str:
        """Folder with its closing slash."""
        ...


class ObjectRow(Protocol):
    """A row that needs an object."""

    @property
    def key(self) -> str:
        """Key of the object."""
        ...

    def is_met_by(self, found: ListedObject) -> bool:
        """Return whether the object of that key is the right one."""
        ...


F = TypeVar("F", bound=FolderRow)
K = TypeVar("K", bound=ObjectRow)
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


class Folders(Generic[F]):
    """Folders of rows around the keys of a listing.

    Args:
        items: rows sorted by folder.
    """

    def __init__(self, items: AsyncIterator[F]) -> None:
        self._items = _Peekable(items)
        self._open: list[F] = []

    async def around(self, key: str) -> Sequence[F]:
        """Return the rows whose folder contains the key, outermost first. Keys must come in their order."""
        self._open = [folder for folder in self._open if key.startswith(folder.prefix)]
        while (item := await self._items.peek()) is not None and item.prefix <= key:
            self._items.take()
            if key.startswith(item.prefix):
                self._open.append(item)
        return self._open


class Needs(Generic[K]):
    """Rows whose object is not in a listing.

    Args:
        items: rows sorted by key.
    """

    def __init__(self, items: AsyncIterator[K]) -> None:
        self._items = _Peekable(items)

    async def unmet(self, found: ListedObject | None) -> AsyncGenerator[K]:
        """Yield rows with keys up to the listed object that miss theirs. `None` ends the listing."""
        while (item := await self._items.peek()) is not None:
            if found is not None and item.key > found.key:
                return
            self._items.take()
            if found is None or item.key < found.key or not item.is_met_by(found):
                yield item
