"""Walks: order of stages, inputs of each of them, and the end after a failure."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from scenedex.analysis.plan import Plan
from scenedex.analysis.stage import Made, NotApplicable, Stage, WorkerStep
from scenedex.analysis.walk import walk
from stage_outcomes import scope, selected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.analysis.stage import Inputs, StageOutcome


class Number(msgspec.Struct, frozen=True):
    """Result of the stages below."""

    value: int


async def unused(_inputs: Inputs, _options: None, _report: Callable[[float], Awaitable[None]]) -> Number:
    raise NotImplementedError


def declared(name: str, *, unwanted: str | None = None, **declaration: Any) -> Stage[Number]:
    return Stage(
        name=name,
        version="1",
        result=Number,
        step=WorkerStep(function=unused),
        options=lambda _inputs: None,
        unwanted=lambda _setting: unwanted,
        **declaration,
    )


FIRST = declared("first")
LEFT = declared("left", needs=(FIRST,))
RIGHT = declared("right", uses=(FIRST,))
LAST = declared("last", needs=(LEFT,), uses=(RIGHT,))


def planned(*stages: Stage[Number]) -> Plan:
    return Plan(scope(selected()), stages)


def test_independent_stages_run_beside_each_other() -> None:
    async def run() -> Inputs:
        both = asyncio.Barrier(2)

        async def make(stage: Stage[Any], _inputs: Inputs) -> StageOutcome:
            if stage in {LEFT, RIGHT}:
                async with asyncio.timeout(60):
                    await both.wait()
            return Made(Number(1))

        return await walk(planned(LAST, RIGHT, LEFT, FIRST), make)

    assert {*asyncio.run(run()).outcomes} == {FIRST, LEFT, RIGHT, LAST}


def test_a_stage_sees_the_outcomes_of_those_that_it_declares_and_no_others() -> None:
    seen: dict[str, set[str]] = {}

    async def make(stage: Stage[Any], inputs: Inputs) -> StageOutcome:
        seen[stage.name] = {one.name for one in inputs.outcomes}
        return Made(Number(1))

    asyncio.run(walk(planned(FIRST, LEFT, RIGHT, LAST), make))

    assert seen == {"first": set(), "left": {"first"}, "right": {"first"}, "last": {"left", "right"}}


def test_a_stage_whose_need_does_not_apply_does_not_run_and_has_its_reason() -> None:
    async def make(stage: Stage[Any], _inputs: Inputs) -> StageOutcome:
        return NotApplicable("The video has no sound.") if stage is LEFT else Made(Number(1))

    found = asyncio.run(walk(planned(FIRST, LEFT, RIGHT, LAST), make))

    assert found.outcomes[LAST] == NotApplicable("The video has no sound.")
    assert found.find(RIGHT) == Number(1)


def test_a_stage_that_fails_stops_the_others_and_its_error_is_raised_alone() -> None:
    stopped: list[str] = []

    async def make(stage: Stage[Any], _inputs: Inputs) -> StageOutcome:
        if stage is LEFT:
            raise OSError("left")
        try:
            await asyncio.sleep(60 if stage is RIGHT else 0)
        except asyncio.CancelledError:
            stopped.append(stage.name)
            raise
        return Made(Number(1))

    with pytest.raises(OSError, match="left"):
        asyncio.run(walk(planned(FIRST, LEFT, RIGHT, LAST), make))

    assert stopped == ["right"]


def test_a_stage_without_its_need_is_not_planned_and_one_that_only_uses_it_is() -> None:
    absent = declared("absent", unwanted="Not asked for.")
    needing, using = declared("needing", needs=(absent,)), declared("using", uses=(absent,))

    assert planned(absent, needing, using).stages == (using,)


def test_an_auxiliary_stage_runs_only_for_those_that_need_it() -> None:
    helper = declared("helper", is_auxiliary=True)
    user = declared("user", needs=(helper,))
    refused = declared("refused", needs=(helper,), unwanted="Not asked for.")

    assert planned(helper, refused).stages == ()
    assert planned(helper, refused, user).stages == (helper, user)
