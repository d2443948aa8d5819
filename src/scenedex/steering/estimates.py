"""When a job will be done, from how long others took. Pure."""

from __future__ import annotations

from dataclasses import dataclass

# Before that the share that is done says little.
_TELLING_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """How jobs of one kind come along.

    Attributes:
        seconds_a_unit: how long a unit of work takes; None where none was done yet.
        at_work: how many jobs run.
        units_at_work: of those that run, as if all of it were to be done still.
    """

    seconds_a_unit: float | None
    at_work: int
    units_at_work: float


def left_of_running(pace: Pace, units: float, worked_seconds: float, percent: int | None) -> float | None:
    """Seconds until a job that runs will be done, if it need not wait."""
    if percent is not None and _TELLING_PERCENT <= percent < 100:  # noqa: PLR2004  # percent
        return worked_seconds * (100 - percent) / percent
    if pace.seconds_a_unit is None:
        return None
    return max(0.0, units * pace.seconds_a_unit - worked_seconds)


def left_of_waiting(pace: Pace, units: float, units_ahead: float, left_at_work: float | None) -> float | None:
    """Seconds until a job that waits will be done; None where none of its kind runs, or ever ran.

    Args:
        pace: of its kind.
        units: of the job.
        units_ahead: of those that wait before it.
        left_at_work: seconds that those which run have left, in all; None: not known, then they are half done.
    """
    if pace.seconds_a_unit is None or pace.at_work == 0:
        return None
    if left_at_work is None:
        left_at_work = pace.units_at_work / 2 * pace.seconds_a_unit
    return (left_at_work + units_ahead * pace.seconds_a_unit) / pace.at_work + units * pace.seconds_a_unit
