from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from scenedex.client import AuditEvent

if TYPE_CHECKING:
    from scenedex.client.testing import FakeService


class Ended(Protocol):
    status: int
    out: str
    err: str


class CommandLine(Protocol):
    def __call__(self, *words: str) -> Ended: ...


@pytest.fixture(autouse=True)
def events(service: FakeService) -> None:
    service.audit_events = [
        AuditEvent(
            event_id=number,
            event_time=datetime(2026, 11, number),  # noqa: DTZ001  # as the service writes them
            event=event,
            user_name=user,
            workspace_name=workspace,
            resource=f"/api/v1/workspaces/{workspace}",
            source_address="203.0.113.7",
        )
        for number, event, user, workspace in (
            (3, "Delete Workspace", "bob", "rushes"),
            (2, "Create Project", "alice", "archive"),
            (1, "Create Workspace", "alice", "archive"),
        )
    ]


def ids(ended: Ended) -> list[Any]:
    assert ended.status == 0, ended.err
    return [json.loads(line)["eventId"] for line in ended.out.splitlines()]


def test_shows_who_did_what_and_from_where(scenedex: CommandLine) -> None:
    shown = scenedex("audit").out

    assert all(word in shown for word in ("bob", "Delete Workspace", "/api/v1/workspaces/rushes", "203.0.113.7"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [3, 2, 1]),
        (("--user", "alice"), [2, 1]),
        (("--event", "Create Project"), [2]),
        (("-w", "rushes"), [3]),
        (("--from", "2026-11-02"), [3, 2]),
        (("--to", "2026-11-02T00:00:00"), [1]),
        (("--user", "alice", "--limit", "1"), [2]),
    ],
)
def test_lists_what_is_asked_for(words: tuple[str, ...], found: list[int], scenedex: CommandLine) -> None:
    assert ids(scenedex("audit", *words, "--json")) == found


def test_reads_on_where_a_page_ends(scenedex: CommandLine, service: FakeService) -> None:
    service.audit_events *= 400

    assert len(ids(scenedex("audit", "list", "--json"))) == 1200
    assert len(scenedex("audit", "--limit", "60").out.splitlines()) == 64
