"""Estimates of the time until a job is done, from the time that others took. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scenedex.jobs.state import KindSpeed

# Below it, progress is too coarse to extrapolate.
_MIN_PERCENT: Final = 5
_MAX_PERCENT: Final = 99


def seconds_left_of_running(speed: KindSpeed, units: float, worked_seconds: float, percent: int | None) -> float | None:
    """Return the seconds until a running job is done, assuming that it need not wait, or `None` if unknown."""
    if percent is not None and _MIN_PERCENT <= percent <= _MAX_PERCENT:
        return worked_seconds * (100 - percent) / percent
    if speed.seconds_per_unit is None:
        return None
    return max(0.0, units * speed.seconds_per_unit - worked_seconds)


def seconds_left_of_waiting(
    speed: KindSpeed, units: float, units_ahead: float, running_seconds_left: float | None
) -> float | None:
    """Return the seconds until a waiting job is done, or `None` if no job of its kind runs or has ever run.

    The units ahead are those of the jobs that wait before it. ``running_seconds_left`` is the sum for all running jobs.
    If that is unknown, half is assumed done.
    """
    if speed.seconds_per_unit is None or speed.running == 0:
        return None
    if running_seconds_left is None:
        running_seconds_left = speed.running_units / 2 * speed.seconds_per_unit
    return (
        running_seconds_left + units_ahead * speed.seconds_per_unit
    ) / speed.running + units * speed.seconds_per_unit
