from __future__ import annotations

import asyncio

import pytest

from scenedex.storage.s3_transfer import TaskPool

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

    async with TaskPool(3) as pool:
        for _ in range(20):
            await pool.start(work())

    assert (most, ended) == (3, 20)


async def test_a_failure_is_raised_and_ends_the_others() -> None:
    cancelled = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cancelled.set()

    async def run() -> None:
        async with TaskPool(3) as pool:
            await pool.start(wait())
            await pool.start(fail())
            await pool.start(fail())

    with pytest.raises(Failed):
        await run()
    assert cancelled.is_set()


async def test_an_error_of_the_block_ends_all() -> None:
    async def run() -> None:
        async with TaskPool(2) as pool:
            await pool.start(asyncio.sleep(3600))
            raise Failed

    with pytest.raises(Failed):
        await run()
