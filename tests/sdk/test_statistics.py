"""Statistics in the SDK and on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scenedex.client import InvalidRequest

if TYPE_CHECKING:
    from tests.conftest import Site

    from command_line import CommandLine
    from scenedex.client import Client

TODAY = datetime.now(UTC).date()


def test_the_sdk_has_days_and_totals(client: Client, site: Site) -> None:
    site.base.imported()

    found = client.statistics(site.name).get(since=TODAY - timedelta(days=2), until=TODAY)
    with pytest.raises(InvalidRequest):
        client.statistics(site.name).get(since=TODAY, until=TODAY - timedelta(days=1))

    assert [one.day for one in found.days] == [TODAY - timedelta(days=number) for number in (2, 1, 0)]
    assert [one.storage_bytes for one in found.days] == [0, 0, 101_176_289]
    assert (found.totals.completed, found.totals.storage_bytes) == (0, 101_176_289)


def test_the_command_shows_each_day_and_all_of_them(scenedex: CommandLine, site: Site) -> None:
    site.base.imported()

    shown = scenedex("statistics", "-w", site.name, "--from", str(TODAY)).out
    [read] = scenedex("statistics", "show", "-w", site.name, "--from", str(TODAY), "--json").lines()

    assert str(TODAY) in shown
    assert "101" in shown
    assert "all" in shown
    assert read["days"] == [{**read["totals"], "day": str(TODAY)}]
