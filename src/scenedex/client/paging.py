"""Paged lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from scenedex.client.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

MAX_PAGE_SIZE = 1000


class Page(Answer, Generic[T], frozen=True, kw_only=True):
    """One page of a list. ``page_no`` counts from 1. Pages past the end are empty."""

    content: tuple[T, ...] = ()
    total_count: int
    total_page: int
    page_no: int
    page_size: int


def all_items(page: Callable[[int], Page[T]]) -> Iterator[T]:
    """Iterate over all items of a list with one page in memory. ``page`` returns the page of a number.

    Concurrent inserts and deletes may move items across page borders.
    """
    number = 1
    while True:
        current = page(number)
        yield from current.content
        if not current.content or number >= current.total_page:
            return
        number += 1
