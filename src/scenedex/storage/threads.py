"""Blocking work in threads beside the event loop."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

_P = ParamSpec("_P")
_T = TypeVar("_T")

_PAGE = 1000  # items


async def in_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run a blocking function in a thread.

    If the caller is cancelled, it resumes only after the function has ended, so it can safely close the resources that
    the function uses.
    """
    context = copy_context()
    work = asyncio.get_running_loop().run_in_executor(None, lambda: context.run(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([work])
        if not work.cancelled():
            work.exception()  # retrieved, so that asyncio does not report it as lost
        raise


async def paged(items: Iterator[_T]) -> AsyncGenerator[_T]:
    """Yield the items of a blocking iterator, fetched in pages of 1000."""

    def page() -> list[_T]:
        return list(islice(items, _PAGE))

    while fetched := await in_thread(page):
        for item in fetched:
            yield item


@asynccontextmanager
async def descriptor(open_file: Callable[[], int]) -> AsyncGenerator[int]:
    """Open a file descriptor with a blocking function, and close it after the block or a cancellation."""
    files: list[int] = []
    try:
        await in_thread(lambda: files.append(open_file()))
        yield files[0]
    finally:
        for file in files:
            os.close(file)
