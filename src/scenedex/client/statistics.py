"""Statistics of a workspace. Only Scenedex has this route."""

from __future__ import annotations

from datetime import date  # noqa: TC003  # msgspec reads the annotations

from scenedex.client.answers import Answer
from scenedex.client.connection import WorkspaceCalls


class DayStatistics(Answer, frozen=True, kw_only=True):
    """Sums of a day in the time zone of the service.

    Attributes:
        media_seconds: length of the media of completed analyses.
        stages_not_analysed: number of their stages without a result.
        storage_bytes: size of all copies of assets at the end of the day.
    """

    day: date
    completed: int
    failed: int
    canceled: int
    media_seconds: float
    stages_not_analysed: int
    storage_bytes: int


class TotalStatistics(Answer, frozen=True, kw_only=True):
    """Sums of all days. `storage_bytes` is the size at the end of the last one."""

    completed: int
    failed: int
    canceled: int
    media_seconds: float
    stages_not_analysed: int
    storage_bytes: int


class WorkspaceStatistics(Answer, frozen=True, kw_only=True):
    """Statistics of a workspace, the earliest day first."""

    days: tuple[DayStatistics, ...]
    totals: TotalStatistics


class Statistics(WorkspaceCalls):
    """Statistics of one workspace. Raises NotFound if it does not exist."""

    _path = ("statistics",)

    def get(self, since: date | None = None, until: date | None = None) -> WorkspaceStatistics:
        """Return the sums of each day.

        Args:
            since: first day. By default 29 days before the last one.
            until: last day, at most 399 days after the first. By default today.

        Raises:
            InvalidRequest: the days are in the wrong order or too many.
        """
        query = {"from": since and since.isoformat(), "to": until and until.isoformat()}
        return self._call("GET", WorkspaceStatistics, query=query)
