from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Site

    from command_line import CommandLine


@pytest.fixture
def event_ids(scenedex: CommandLine, site: Site) -> list[int]:
    """Ids of the events of a workspace: two projects and the workspace, the latest first."""
    for name in ("news", "sports"):
        site.project(name)
    return [line["eventId"] for line in scenedex("audit", "-w", site.name, "--json").lines()]


def test_shows_who_changed_what_and_from_where(scenedex: CommandLine, site: Site) -> None:
    site.project("news")

    shown = scenedex("audit", "-w", site.name).out

    assert all(word in shown for word in ("alice", "Create Project", "Create Workspace", f"{site.path}/projects"))
    assert "127.0.0.1" in shown


def test_lists_only_the_given_events(scenedex: CommandLine, site: Site, event_ids: list[int]) -> None:
    third, second, first = event_ids
    times = [line["eventTime"] for line in scenedex("audit", "-w", site.name, "--json").lines()]
    next_second = (datetime.fromisoformat(times[0]) + timedelta(seconds=1)).isoformat(timespec="seconds")

    for words, found in (
        (("--event", "Create Project"), [third, second]),
        (("--user", "alice"), event_ids),
        (("--user", "bob"), []),
        (("--limit", "1"), [third]),
        (("--event", "Create Workspace"), [first]),
        (("--from", "2026-01-01"), event_ids),
        (("--to", next_second), event_ids),
        (("--to", "2026-01-01T00:00:00"), []),
        (("--from", next_second), []),
    ):
        listed = scenedex("audit", "list", "-w", site.name, *words, "--json").lines()
        assert [line["eventId"] for line in listed] == found, words


def test_reads_on_after_the_end_of_a_page(scenedex: CommandLine, site: Site) -> None:
    site.service.rows(
        """
        INSERT INTO audit_events (event, user_name, workspace_name)
        SELECT 'Create Project', 'bob', %s FROM generate_series(1, 1100)
        """,
        site.name,
    )

    assert len(scenedex("audit", "-w", site.name, "--json").lines()) == 1101
    assert len(scenedex("audit", "-w", site.name, "--limit", "60").rows()) == 60
