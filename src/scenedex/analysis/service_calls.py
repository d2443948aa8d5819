"""Time limits of worker steps whose engine calls a service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.engines.engine import Engine
    from scenedex.media.child import ChildLimits

R = TypeVar("R")


class ServiceTimedOut(Exception):
    """The service of an engine did not answer in time."""


async def call_service(
    stage: str,
    engine: Engine,
    work: Callable[[Callable[[float], Awaitable[None]]], Awaitable[R]],
    on_progress: Callable[[float], Awaitable[None]],
    limits: ChildLimits,
) -> R:
    """Return the result of a step that calls a service.

    Args:
        stage: name of its stage.
        engine: engine that calls the service.
        work: the step, awaited with a callback for progress, 0 to 1.
        on_progress: awaited with that progress.
        limits: maximum time between two reports of progress, and of the whole step.

    Raises:
        ServiceTimedOut: the step was cancelled because it exceeded one of them.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + limits.wall_seconds
    deadline = asyncio.timeout(min(limits.stall_seconds, limits.wall_seconds))

    async def report(fraction: float) -> None:
        deadline.reschedule(min(loop.time() + limits.stall_seconds, end))
        await on_progress(fraction)

    try:
        async with deadline:
            return await work(report)
    except TimeoutError as error:
        if not deadline.expired():
            raise
        limit, setting = (
            (limits.wall_seconds, "media.analysis_seconds")
            if loop.time() >= end
            else (limits.stall_seconds, "media.stall_seconds")
        )
        raise ServiceTimedOut(
            f"{stage}: the service of {engine} made no progress in {limit:g} s. "
            f"Check its address in engines.addresses, or raise {setting}."
        ) from error
