"""Stages whose process the system kills: one more run, with no other process beside it."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests import child_functions
from tests.child_functions import ARTEFACT, Answer, write_slowly

from scenedex.analysis.child_runner import ChildRunner, StageFailed
from scenedex.analysis.stage import ChildStep, DiskUse, Source, Stage
from scenedex.media.child import ChildLimits
from scenedex.media.machine_budget import MachineBudget
from scenedex.media.totals import family
from scenedex.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

LIMITS = ChildLimits(
    memory_bytes=1024**3, cpu_seconds=60, wall_seconds=60, stall_seconds=30, file_size_bytes=1024**2, max_pixels=1
)


class Nothing(msgspec.Struct, frozen=True):
    """No options."""


SLOW: Stage[Answer] = Stage(
    name="slow",
    version="1",
    result=Answer,
    step=ChildStep(function=write_slowly, reads=Source.NOTHING, artefact=ARTEFACT, writes=DiskUse(1024)),
    options=lambda _inputs: Nothing(),
)


class NotedTurns:
    """Turns of a machine with room for four stages, which notes how much memory was asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[int] = []
        self._budget = MachineBudget(folder, memory_bytes=4 * LIMITS.memory_bytes, max_concurrent={})

    @asynccontextmanager
    async def reserve(self, stage: str, memory_bytes: int) -> AsyncGenerator[None]:
        self.asked.append(self._budget.cap(memory_bytes))
        async with self._budget.reserve(stage, memory_bytes):
            yield


@pytest.fixture
def turns(tmp_path: Path) -> NotedTurns:
    return NotedTurns(tmp_path / "turns")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


async def run_with_kills(turns: NotedTurns, work: Path, kills: int) -> Answer:
    """Run the stage, and kill its process that many times as the system does."""
    runner = ChildRunner(
        LIMITS, LIMITS, turns, Metrics("worker"), import_paths=(Path(child_functions.__file__).parents[1],)
    )
    running = asyncio.create_task(runner.run(SLOW, Nothing(), folder=work))
    for _ in range(kills):
        while not (work / ARTEFACT).exists():  # noqa: ASYNC110  # processes set no events
            await asyncio.sleep(0.02)
        for child in family(os.getpid())[1:]:
            os.kill(family(child)[-1], signal.SIGKILL)
        while (work / ARTEFACT).exists() and not running.done():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0.02)
    return await running


def test_a_killed_process_runs_once_more_alone(turns: NotedTurns, work: Path) -> None:
    assert asyncio.run(run_with_kills(turns, work, 1)) == Answer("written")
    assert turns.asked == [LIMITS.memory_bytes, 4 * LIMITS.memory_bytes]


def test_a_process_that_is_killed_twice_has_failed(turns: NotedTurns, work: Path) -> None:
    with pytest.raises(StageFailed, match="The system stopped the process"):
        asyncio.run(run_with_kills(turns, work, 2))
    assert len(turns.asked) == 2
