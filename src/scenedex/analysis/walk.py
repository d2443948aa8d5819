"""Walk of one analysis through the stages of its plan."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scenedex.analysis.stage import Inputs, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.analysis.plan import Plan
    from scenedex.analysis.stage import Stage, StageOutcome


async def walk(plan: Plan, make: Callable[[Stage[Any], Inputs], Awaitable[StageOutcome]]) -> Inputs:
    """Run the stages of a plan, each as soon as those that it needs and uses have ended.

    Args:
        plan: the plan.
        make: runs a stage on the outcomes of the stages that it needs and uses, and no others.

    Returns:
        The outcomes of all stages.

    Raises:
        MediaUnreadable: the media cannot be used.
        StageFailed: a child process failed on this file.
    """
    outcomes: dict[Stage[Any], StageOutcome] = {}
    ended = {stage: asyncio.Event() for stage in plan.stages}

    async def run(stage: Stage[Any]) -> None:
        before = [other for other in (*stage.needs, *stage.uses) if other in ended]
        for other in before:
            await ended[other].wait()
        obstacles = (outcomes[need] for need in stage.needs)
        obstacle = next((outcome for outcome in obstacles if isinstance(outcome, NotApplicable)), None)
        inputs = Inputs(plan.scope, {other: outcomes[other] for other in before})
        outcomes[stage] = obstacle or await make(stage, inputs)
        ended[stage].set()

    try:
        async with asyncio.TaskGroup() as group:
            for stage in plan.stages:
                group.create_task(run(stage), name=stage.name)
    except ExceptionGroup as errors:
        # The first error is the one that stopped the other stages.
        raise errors.exceptions[0] from None
    return Inputs(plan.scope, outcomes)
