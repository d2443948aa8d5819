"""The memory budget shared by several processes on real files."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from scenedex.media.machine_budget import MachineBudget, default_memory_bytes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio
GIB = 1024**3
# Takes a turn, says so, and keeps it until it is killed.
_HOLDER = """
import asyncio, sys
from pathlib import Path
from scenedex.media.machine_budget import MachineBudget

async def hold():
    budget = MachineBudget(Path(sys.argv[1]), memory_bytes=2 * 1024**3, max_concurrent={})
    async with budget.reserve("faces", 2 * 1024**3):
        print("held", flush=True)
        await asyncio.sleep(3600)

asyncio.run(hold())
"""


def turns(folder: Path, *, memory_bytes: int = 2 * GIB, **max_concurrent: int) -> MachineBudget:
    return MachineBudget(folder, memory_bytes=memory_bytes, max_concurrent=max_concurrent)


class Waits(Exception):
    """The work has to wait."""


async def may_begin(one: MachineBudget, stage: str, memory_bytes: int) -> bool:
    async def refuse() -> None:
        raise Waits

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(one.reserve(stage, memory_bytes, on_wait=refuse))
        except Waits:
            return False
        return True


async def test_work_waits_that_does_not_fit_beside_what_goes_on(tmp_path: Path) -> None:
    async with turns(tmp_path).reserve("faces", GIB):
        assert await may_begin(turns(tmp_path), "text", GIB)
        assert not await may_begin(turns(tmp_path), "text", 2 * GIB)
    assert await may_begin(turns(tmp_path), "text", 2 * GIB)


async def test_work_that_needs_more_than_there_is_has_all_of_it_alone(tmp_path: Path) -> None:
    one = turns(tmp_path)
    assert one.cap(5 * GIB) == 2 * GIB
    async with one.reserve("faces", 5 * GIB):
        assert not await may_begin(one, "text", 1)


async def test_much_is_not_kept_waiting_by_little_that_came_later(tmp_path: Path) -> None:
    one, began = turns(tmp_path), list[str]()

    async def work(name: str, memory_bytes: int, waits: asyncio.Event) -> None:
        async def note() -> None:
            waits.set()

        async with one.reserve(name, memory_bytes, on_wait=note):
            began.append(name)

    async with asyncio.TaskGroup() as group, one.reserve("first", GIB):
        for name, memory_bytes in (("much", 2 * GIB), ("little", GIB)):
            waits = asyncio.Event()
            group.create_task(work(name, memory_bytes, waits))
            await waits.wait()
        assert began == []
    assert began == ["much", "little"]


async def test_only_so_many_of_a_stage_work_at_a_time(tmp_path: Path) -> None:
    one = turns(tmp_path, speech=1)
    async with one.reserve("speech", 1):
        assert not await may_begin(one, "speech", 1)
        assert await may_begin(one, "text", 1)


async def test_who_has_to_wait_is_told_so_once(tmp_path: Path) -> None:
    one, told, waits = turns(tmp_path, speech=1), list[str](), asyncio.Event()

    async def wait() -> None:
        told.append("waits")
        waits.set()

    async def work() -> None:
        async with one.reserve("speech", 2 * GIB, on_wait=wait):
            told.append("works")

    async with one.reserve("speech", GIB, on_wait=wait):
        waiting = asyncio.create_task(work())
        await waits.wait()
        # The wait polls for room ten times a second.
        await asyncio.sleep(0.3)
        assert told == ["waits"]
    await waiting
    assert told == ["waits", "works"]


async def test_who_gives_up_waiting_leaves_nothing_locked(tmp_path: Path) -> None:
    one = turns(tmp_path)
    async with one.reserve("faces", GIB):
        assert not await may_begin(one, "text", 2 * GIB)
        assert await may_begin(one, "text", GIB)


async def test_the_turn_of_a_killed_process_is_free_again(tmp_path: Path) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLDER, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    await holder.stdout.readline()
    assert not await may_begin(turns(tmp_path), "text", GIB)
    holder.kill()
    await holder.wait()
    assert await may_begin(turns(tmp_path), "text", GIB)


def test_this_machine_has_memory_for_work() -> None:
    assert GIB // 4 < default_memory_bytes() < 2**45
