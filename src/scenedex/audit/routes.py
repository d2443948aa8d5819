"""Calls about the audit log."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

from litestar import get
from litestar.di import Provide
from litestar.params import QueryParameter

from scenedex.audit.records import AuditQuery
from scenedex.audit.schemas import AUDIT_EVENT, AuditEventObject
from scenedex.audit.service import AuditLog
from scenedex.auth.caller import Caller
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime
from scenedex.wire.routing import Injected, PageNum, PageSize, answers

From = Annotated[
    str | None,
    QueryParameter(
        name="from",
        description="ISO 8601. Events of this time and later.",
        schema_extra={"examples": ["2025-04-01T00:00:00"]},
    ),
]
To = Annotated[
    str | None,
    QueryParameter(
        name="to", description="ISO 8601. Events before this time.", schema_extra={"examples": ["2025-05-01T00:00:00"]}
    ),
]
UserName = Annotated[
    str | None,
    QueryParameter(name="userName", description="Name of the user.", schema_extra={"examples": ["username"]}),
]
EventName = Annotated[
    str | None,
    QueryParameter(
        name="event",
        description="Name of the event, such as `Create Project`.",
        schema_extra={"examples": ["Create Project"]},
    ),
]
InWorkspace = Annotated[
    str | None,
    QueryParameter(
        name="workspaceName", description="Name of the workspace.", schema_extra={"examples": ["my-workspace"]}
    ),
]


def _query(
    audit_log: Injected[AuditLog],
    times: Injected[WireTime],
    since: From = None,
    until: To = None,
    user_name: UserName = None,
    event: EventName = None,
    workspace: InWorkspace = None,
) -> AuditQuery:
    return AuditQuery(
        since=None if since is None else times.parse("from", since),
        until=None if until is None else times.parse("to", until),
        user_name=_checked("userName", user_name),
        event=None if event is None else _known(event, audit_log.events),
        workspace_name=_checked("workspaceName", workspace),
    )


@get(
    "/api/v1/audit-events",
    tags=["audit"],
    operation_id="listAuditEvents",
    summary="List audit events",
    dependencies={"audit_query": Provide(_query, sync_to_thread=False)},
    responses=answers(Page([AUDIT_EVENT], 1, 1, 1, 1000)),
)
async def list_audit_events(
    audit_log: Injected[AuditLog],
    caller: Injected[Caller],
    times: Injected[WireTime],
    audit_query: Injected[AuditQuery],
    page_num: PageNum,
    page_size: PageSize = 1000,
) -> Envelope[Page[AuditEventObject]]:
    """Changes, the latest first. For managers only, and limited to the workspaces of the access key."""
    page = PageRequest(page_num, page_size)
    found, total = await audit_log.page(caller, audit_query, page)
    content = [times.shape(AuditEventObject, one) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


def _known(name: str, events: frozenset[str]) -> str:
    if name in events:
        return name
    near = get_close_matches(name.title(), sorted(events), n=3, cutoff=0.4) or ["Create Project"]
    raise InvalidRequest(FieldProblem("event", f"there is no such event. Some events are {', '.join(near)}"))


def _checked(field: str, value: str | None) -> str | None:
    if value is not None and "\x00" in value:
        raise InvalidRequest(FieldProblem(field, "must not contain control characters"))
    return value


routes = [list_audit_events]
