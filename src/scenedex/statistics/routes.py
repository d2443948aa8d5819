"""Call about the statistics of a workspace."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from litestar import Response, get
from litestar.params import QueryParameter

from scenedex.auth.caller import Caller
from scenedex.exports.routing import CSV, FileOperation
from scenedex.exports.text import attachment
from scenedex.statistics.records import DayRange, DaySums
from scenedex.statistics.schemas import STATISTICS, StatisticsDay, StatisticsObject, StatisticsTotals
from scenedex.statistics.service import Statistics
from scenedex.wire.envelope import Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import NO_SNIFFING, Injected, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_DAYS: Final = 400
_USUAL_DAYS: Final = 30
_DAY: Final = re.compile(r"(?:19[7-9]\d|2\d{3})-\d\d-\d\d", re.ASCII)
_COLUMNS: Final = ("day", "completed", "failed", "canceled", "mediaSeconds", "stagesNotAnalysed", "storageBytes")


class StatisticsOperation(FileOperation):
    """OpenAPI description of statistics, which are JSON or a spreadsheet."""

    examples: ClassVar[Mapping[str, object]] = {
        "csv": ",".join(_COLUMNS) + "\r\n2025-04-23,12,1,0,5421.36,3,48310221004\r\n"
    }
    has_json = True


From = Annotated[
    str | None,
    QueryParameter(
        name="from",
        description="First day, in the time zone of the server. By default 29 days before the last one.",
        schema_extra={"examples": ["2025-04-01"]},
    ),
]
To = Annotated[
    str | None,
    QueryParameter(
        name="to",
        description="Last day, at most 399 days after the first. By default today.",
        schema_extra={"examples": ["2025-04-30"]},
    ),
]
FormatName = Annotated[
    Literal["json", "csv"],
    QueryParameter(description="Format of the answer. csv has a line a day.", schema_extra={"examples": ["csv"]}),
]


@get(
    "/api/v1/workspaces/{workspace_name:str}/statistics",
    tags=["workspaces"],
    operation_id="getStatistics",
    operation_class=StatisticsOperation,
    summary="Get the statistics of a workspace",
    responses=answers(STATISTICS, WorkspaceNotFound),
)
async def get_statistics(
    statistics: Injected[Statistics],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    since: From = None,
    until: To = None,
    format: FormatName = "json",  # noqa: A002  # the wire's name, by which a refusal calls it
) -> Response[Any]:
    """Return the number of analyses, the media analysed and the stored bytes of each day."""
    days = day_range(since, until, today=datetime.now(times.zone).date())
    found = await statistics.of_days(caller, workspace_name, days)
    if format == "csv":
        name = attachment(f"statistics-{workspace_name}-{days.first}-{days.last}", format)
        headers = {"content-type": CSV.content_type, "content-disposition": name, **NO_SNIFFING}
        return Response(_spreadsheet(found), headers=headers)
    return Response(Envelope(result=statistics_object(found)))


def day_range(since: str | None, until: str | None, *, today: date) -> DayRange:
    """Return the days that a request names.

    Raises:
        InvalidRequest: a day is not valid, or they are in the wrong order or too many.
    """
    last = today if until is None else _day("to", until)
    first = max(last - timedelta(days=_USUAL_DAYS - 1), date(1970, 1, 1)) if since is None else _day("from", since)
    if first > last:
        raise InvalidRequest(FieldProblem("from", f"must not be after the last day, {last}"))
    if (last - first).days >= _MAX_DAYS:
        raise InvalidRequest(FieldProblem("from", f"must be less than {_MAX_DAYS} days before the last one, {last}"))
    return DayRange(first, last)


def statistics_object(found: Sequence[DaySums]) -> StatisticsObject:
    """Return the wire shape of the sums of days, with their totals."""
    days = [
        StatisticsDay(
            day=one.day.isoformat(),
            completed=one.completed,
            failed=one.failed,
            canceled=one.canceled,
            media_seconds=one.media_ms / 1000,
            stages_not_analysed=one.stages_not_analysed,
            storage_bytes=one.storage_bytes,
        )
        for one in found
    ]
    totals = StatisticsTotals(
        completed=sum(one.completed for one in found),
        failed=sum(one.failed for one in found),
        canceled=sum(one.canceled for one in found),
        media_seconds=sum(one.media_ms for one in found) / 1000,
        stages_not_analysed=sum(one.stages_not_analysed for one in found),
        storage_bytes=found[-1].storage_bytes,
    )
    return StatisticsObject(days=days, totals=totals)


def _spreadsheet(found: Sequence[DaySums]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(
        (
            *(one.day, one.completed, one.failed, one.canceled),
            *(one.media_ms / 1000, one.stages_not_analysed, one.storage_bytes),
        )
        for one in found
    )
    return text.getvalue().encode()


def _day(field: str, text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidRequest(FieldProblem(field, "must be a day from 1970 to 2999, such as 2025-04-23"))


routes = [get_statistics]
