"""Lists that come in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from scenedex.client.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

LARGEST_PAGE = 1000


class Page(Answer, Generic[T], frozen=True, kw_only=True):
    """One page of a list; ``page_no`` counts from 1, a page past the end is empty."""

    content: tuple[T, ...] = ()
    total_count: int
    total_page: int
    page_no: int
    page_size: int


def every_item(page: Callable[[int], Page[T]]) -> Iterator[T]:
    """All items of a list, one page in memory at a time; ``page`` answers with the page of a number.

    What is deleted or added elsewhere meanwhile may move items over the border of a page.
    """
    number = 1
    while True:
        current = page(number)
        yield from current.content
        if not current.content or number >= current.total_page:
            return
        number += 1
