"""Waiting state of an analysis: one of its stages waits, and none runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from scenedex.analysis.waits import Waits
from scenedex.media.machine_budget import MachineBudget

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio
GIB = 1024**3


async def test_only_what_nothing_else_is_at_work_for_is_waited_for(tmp_path: Path) -> None:
    turns, told = MachineBudget(tmp_path, memory_bytes=2 * GIB, max_concurrent={}), list[str | None]()
    begun, ends = ({stage: asyncio.Event() for stage in ("visual", "sound", "faces")} for _ in range(2))

    async def tell(stage: str | None) -> None:
        told.append(stage)

    waits = Waits(turns, tell)

    async def run(stage: str, memory_bytes: int) -> None:
        async with waits.reserve(stage, memory_bytes):
            begun[stage].set()
            await ends[stage].wait()

    async def until_told(*stages: str | None) -> None:
        async with asyncio.timeout(60):
            while tuple(told) != stages:  # noqa: ASYNC110  # the listener has no event
                await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as group, turns.reserve("of another analysis", GIB):
        group.create_task(run("visual", GIB))
        await begun["visual"].wait()
        group.create_task(run("sound", GIB))
        # The wait polls for room ten times a second.
        await asyncio.sleep(0.3)
        assert told == []
        ends["visual"].set()
        await until_told("sound", None)
        group.create_task(run("faces", 2 * GIB))
        await asyncio.sleep(0.3)
        assert told == ["sound", None]
        ends["sound"].set()
        await until_told("sound", None, "faces")
        ends["faces"].set()
    assert told[2:] == ["faces", None]
