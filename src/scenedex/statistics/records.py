"""Sums of days, and the days that a request names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days of a time zone, both ends included."""

    first: date
    last: date

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the start of the first day and of the day after the last one."""
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )


@dataclass(frozen=True, slots=True)
class DaySums:
    """Sums of a day.

    Attributes:
        media_ms: length of the media of completed analyses, in milliseconds.
        stages_not_analysed: number of their stages without a result.
        storage_bytes: size of all copies of assets at the end of the day.
    """

    day: date
    completed: int
    failed: int
    canceled: int
    media_ms: int
    stages_not_analysed: int
    storage_bytes: int
