from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from scenedex.storage.threads import in_thread, paged

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


async def test_a_function_runs_in_another_thread_with_the_context_of_the_caller() -> None:
    variable: ContextVar[str] = ContextVar("variable", default="")
    variable.set("here")

    assert await in_thread(lambda: (threading.get_ident(), variable.get())) != (threading.get_ident(), "here")
    assert await in_thread(variable.get) == "here"


async def test_errors_come_through() -> None:
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)


async def test_a_cancelled_caller_goes_on_when_the_function_has_ended() -> None:
    begun, goes_on, ended = asyncio.Event(), threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        goes_on.wait(60)
        ended.set()
        raise ValueError("not retrieved by anyone")

    task = asyncio.create_task(in_thread(work))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


@pytest.mark.parametrize("count", [0, 1, 1000, 1001, 2500])
async def test_pages_make_up_the_whole(count: int) -> None:
    assert [item async for item in paged(iter(range(count)))] == list(range(count))
