"""Wire shapes of statistics. They are our own, since the vendor shows statistics in its console."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.wire.envelope import Wire

_DAY = r"^\d{4}-\d\d-\d\d$"
_Completed = Annotated[int, Meta(ge=0, description="Analyses that completed")]
_Failed = Annotated[int, Meta(ge=0, description="Analyses that failed")]
_Canceled = Annotated[int, Meta(ge=0, description="Analyses that were cancelled")]
_Seconds = Annotated[float, Meta(ge=0, description="Length of the media of completed analyses, in seconds")]
_NotAnalysed = Annotated[int, Meta(ge=0, description="Stages of completed analyses that have no result")]


class StatisticsDay(Wire, frozen=True, kw_only=True):
    """Sums of a day."""

    day: Annotated[str, Meta(pattern=_DAY, description="Day in the time zone of the server")]
    completed: _Completed
    failed: _Failed
    canceled: _Canceled
    media_seconds: _Seconds
    stages_not_analysed: _NotAnalysed
    storage_bytes: Annotated[int, Meta(ge=0, description="Size of all copies of assets at the end of the day")]


class StatisticsTotals(Wire, frozen=True, kw_only=True):
    """Sums of all days."""

    completed: _Completed
    failed: _Failed
    canceled: _Canceled
    media_seconds: _Seconds
    stages_not_analysed: _NotAnalysed
    storage_bytes: Annotated[int, Meta(ge=0, description="Size of all copies of assets at the end of the last day")]


class StatisticsObject(Wire, frozen=True, kw_only=True):
    """Statistics of a workspace."""

    days: Annotated[list[StatisticsDay], Meta(description="All days, the earliest first")]
    totals: Annotated[StatisticsTotals, Meta(description="Sums of all days")]


STATISTICS = StatisticsObject(
    days=[
        StatisticsDay(
            day="2025-04-23",
            completed=12,
            failed=1,
            canceled=0,
            media_seconds=5421.36,
            stages_not_analysed=3,
            storage_bytes=48_310_221_004,
        )
    ],
    totals=StatisticsTotals(
        completed=12, failed=1, canceled=0, media_seconds=5421.36, stages_not_analysed=3, storage_bytes=48_310_221_004
    ),
)
