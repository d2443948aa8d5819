"""Comparing a listing with rows, both in the order of keys: one step on either side at a time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from scenedex.storage.objects import ListedObject


class Placed(Protocol):
    """Something that has a folder."""

    @property
    def prefix(self) -> str:
        """The folder with its closing slash."""
        ...


class Keyed(Protocol):
    """Something that needs an object."""

    @property
    def key(self) -> str:
        """The key of the object."""
        ...

    def is_met_by(self, found: ListedObject) -> bool:
        """Whether the object of that key is the one."""
        ...


F = TypeVar("F", bound=Placed)
K = TypeVar("K", bound=Keyed)
T = TypeVar("T")


@dataclass(slots=True)
class _Ahead(Generic[T]):
    """An iterator of which the next item can be looked at."""

    items: AsyncIterator[T]
    head: T | None = None
    is_read: bool = False

    async def peek(self) -> T | None:
        if not self.is_read:
            self.head = await anext(self.items, None)
            self.is_read = True
        return self.head

    def take(self) -> None:
        # At the end there is nothing more to read.
        self.is_read = self.head is None


class Folders(Generic[F]):
    """Which folders an object lies in.

    Args:
        items: what has folders, in the order of these.
    """

    def __init__(self, items: AsyncIterator[F]) -> None:
        self._items = _Ahead(items)
        self._open: list[F] = []

    async def around(self, key: str) -> Sequence[F]:
        """The folders, outermost first; keys are asked for in their order."""
        self._open = [folder for folder in self._open if key.startswith(folder.prefix)]
        while (item := await self._items.peek()) is not None and item.prefix <= key:
            self._items.take()
            if key.startswith(item.prefix):
                self._open.append(item)
        return self._open


class Needs(Generic[K]):
    """Which needs a listing does not meet.

    Args:
        items: what needs objects, in the order of their keys.
    """

    def __init__(self, items: AsyncIterator[K]) -> None:
        self._items = _Ahead(items)

    async def unmet(self, found: ListedObject | None) -> AsyncGenerator[K]:
        """What needs an object up to the one that is listed next; at the end of the listing ``None``: all others."""
        while (item := await self._items.peek()) is not None:
            if found is not None and item.key > found.key:
                return
            self._items.take()
            if found is None or item.key < found.key or not item.is_met_by(found):
                yield item
