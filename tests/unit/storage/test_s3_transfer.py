from __future__ import annotations

import asyncio

import pytest

from scenedex.storage.s3_transfer import task_pool

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


class Failed(Exception):
    pass


async def fail() -> None:
    raise Failed


async def test_no_more_than_the_limit_run_at_once() -> None:
    running = most = ended = 0

    async def work() -> None:
        nonlocal running, most, ended
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        ended += 1

    async with task_pool(3) as start:
        for _ in range(20):
            await start(work())

    assert (most, ended) == (3, 20)


async def test_a_failure_is_raised_and_ends_the_others() -> None:
    cancelled = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cancelled.set()

    async def run() -> None:
        async with task_pool(3) as start:
            await start(wait())
            await start(fail())
            await start(fail())

    with pytest.raises(Failed):
        await run()
    assert cancelled.is_set()


async def test_an_error_of_the_block_ends_all() -> None:
    async def run() -> None:
        async with task_pool(2) as start:
            await start(asyncio.sleep(3600))
            raise Failed

    with pytest.raises(Failed):
        await run()
