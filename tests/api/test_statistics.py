"""Statistics of a workspace: each day, its totals, and what is left when assets are deleted."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from scenedex.auth.keys import Role
from scenedex.index.records import StageEngine
from scenedex.index.service import publish
from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Item, Service, Serving, Site

SIZE = 101_176_289
TODAY = datetime.now(UTC).date()
ZERO = {"completed": 0, "failed": 0, "canceled": 0, "mediaSeconds": 0, "stagesNotAnalysed": 0, "storageBytes": 0}


def statistics(site: Site, query: str = "") -> dict[str, Any]:
    answer = site.api("GET", f"{site.path}/statistics{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def totals(site: Site) -> dict[str, Any]:
    return statistics(site)["totals"]


def complete(item: Item, *reasons: str) -> None:
    """Complete an analysis of two seconds, with that many stages without a result."""
    index_id = item.request_analysis()
    missing = (StageEngine(f"stage-{number}", not_analysed=reason) for number, reason in enumerate(reasons))
    index = item.made_index(index_id)
    index = replace(index, engines=(*index.engines, *missing))

    async def end(tx: Any) -> None:
        await tx.run("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE index_id = %s", index_id)
        await publish(tx, index)

    item.service.transact(end)


def test_has_a_line_for_each_of_the_last_thirty_days(site: Site) -> None:
    found = statistics(site)

    assert [one["day"] for one in found["days"]] == [
        (TODAY - timedelta(days=number)).isoformat() for number in range(29, -1, -1)
    ]
    assert found["totals"] == ZERO
    assert found["days"][0] == {"day": found["days"][0]["day"], **ZERO}


def test_counts_ends_of_analyses(site: Site) -> None:
    items = [site.base.imported(f"{number}.mp4") for number in range(4)]
    complete(items[0], "no weights", "no engine")
    complete(items[0])
    items[1].request_analysis()
    items[1].call("POST", "/index/cancel")
    failed = items[2].request_analysis()
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_FAIL' WHERE index_id = %s", failed)
    items[3].request_analysis()

    found = statistics(site)

    assert found["totals"] == {
        "completed": 2,
        "failed": 1,
        "canceled": 1,
        "mediaSeconds": 4.0,
        "stagesNotAnalysed": 2,
        "storageBytes": 4 * SIZE,
    }
    assert found["days"][-1] == {"day": TODAY.isoformat(), **found["totals"]}
    assert all(one == {"day": one["day"], **ZERO} for one in found["days"][:-1])


def test_counts_an_end_once(site: Site) -> None:
    item = site.base.imported()
    complete(item)
    site.service.rows("UPDATE analyses SET message = 'x', status = 'ANALYZE_CANCEL' WHERE asset_id = %s", item.asset_id)

    assert (totals(site)["completed"], totals(site)["canceled"]) == (1, 0)


def test_keeps_what_deleted_assets_took(site: Site) -> None:
    item, other = site.base.imported("a.mp4"), site.base.imported("b.mp4")
    complete(item)

    item.call("DELETE")

    assert (totals(site)["completed"], totals(site)["storageBytes"]) == (1, SIZE)
    assert other.call("GET").status_code == 200


def test_a_deleted_project_stores_nothing(site: Site) -> None:
    project = site.project()
    project.imported("a.mp4")
    project.imported("b.mp4")
    project.register("waiting.mp4")
    kept = site.base.imported("c.mp4")
    assert totals(site)["storageBytes"] == 3 * SIZE

    site.service.rows("DELETE FROM projects WHERE project_id = %s", project.project_id)

    assert totals(site)["storageBytes"] == SIZE
    assert kept.call("GET").status_code == 200


def test_a_deleted_workspace_leaves_no_rows(site: Site) -> None:
    complete(site.base.imported())
    [(workspace,)] = site.service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)

    site.service.rows("DELETE FROM workspaces WHERE workspace_id = %s", workspace)

    for table in ("analysis_ends", "storage_changes"):
        assert site.service.rows(f"SELECT count(*) FROM {table} WHERE workspace_id = %s", workspace) == [(0,)]


def test_a_move_between_projects_changes_nothing(site: Site) -> None:
    item, project = site.base.imported(), site.project()

    moved = item.call("PATCH", f"?new_project_id={project.project_id}")

    assert moved.status_code == 200, moved.text
    assert totals(site)["storageBytes"] == SIZE


def test_storage_of_a_day_has_all_days_before(site: Site) -> None:
    item = site.base.imported()
    site.service.rows(
        "UPDATE storage_changes SET changed_time = '2025-03-01T12:00Z' WHERE workspace_id = "
        "(SELECT workspace_id FROM projects WHERE project_id = %s)",
        site.base_project,
    )
    item.call("DELETE")

    found = statistics(site, "?from=2025-02-28&to=2025-03-02")
    later = statistics(site, "?from=2025-06-01&to=2025-06-02")

    assert [one["storageBytes"] for one in found["days"]] == [0, SIZE, SIZE]
    assert [one["storageBytes"] for one in later["days"]] == [SIZE, SIZE]
    assert totals(site)["storageBytes"] == 0


def test_days_are_those_of_the_zone_of_the_server(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(server=ServerSettings(time_zone="Asia/Seoul"))) as service:
        site = new_site(service)
        complete(site.base.imported())
        for table, column in (("analysis_ends", "ended_time"), ("storage_changes", "changed_time")):
            service.rows(f"UPDATE {table} SET {column} = '2025-03-01T15:00Z'")
        found = statistics(site, "?from=2025-03-01&to=2025-03-02")
        latest = statistics(site)["days"][-1]["day"]

    assert [(one["completed"], one["storageBytes"]) for one in found["days"]] == [(0, 0), (1, SIZE)]
    assert latest == datetime.now(ZoneInfo("Asia/Seoul")).date().isoformat()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=2025-03-02&to=2025-03-01", "from"),
        ("?from=2025-01-01&to=2026-02-05", "from"),
        ("?from=yesterday", "from"),
        ("?from=2025-02-30", "from"),
        ("?from=20250201", "from"),
        ("?to=2025-03-01T00:00:00", "to"),
        ("?to=9999-12-31", "to"),
        ("?to=0001-01-01", "to"),
        ("?format=xlsx", "format"),
    ],
)
def test_refuses_what_are_no_days(query: str, field: str, site: Site) -> None:
    answer = site.api("GET", f"{site.path}/statistics{query}")

    assert (answer.status_code, answer.json()["responseError"]["details"][0]["field"]) == (400, field)


@pytest.mark.parametrize(
    ("query", "count"), [("?from=2025-01-01&to=2026-02-04", 400), ("?to=1970-01-02", 2), ("?to=2025-03-01", 30)]
)
def test_takes_a_year_and_more(query: str, count: int, site: Site) -> None:
    assert len(statistics(site, query)["days"]) == count


def test_is_a_spreadsheet_on_request(site: Site) -> None:
    complete(site.base.imported(), "no weights")

    answer = site.api("GET", f"{site.path}/statistics?format=csv&from={TODAY - timedelta(days=1)}")

    lines = list(csv.reader(io.StringIO(answer.text)))
    assert lines == [
        ["day", "completed", "failed", "canceled", "mediaSeconds", "stagesNotAnalysed", "storageBytes"],
        [str(TODAY - timedelta(days=1)), "0", "0", "0", "0.0", "0", "0"],
        [str(TODAY), "1", "0", "0", "2.0", "1", str(SIZE)],
    ]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"statistics-{site.name}-{TODAY - timedelta(days=1)}-{TODAY}.csv" in answer.headers["content-disposition"]


def test_is_for_viewers_of_the_workspace(site: Site) -> None:
    viewer, stranger = site.service.api(Role.VIEWER, site.name), site.service.api(Role.MANAGER, "elsewhere")

    assert viewer("GET", f"{site.path}/statistics").status_code == 200
    assert stranger("GET", f"{site.path}/statistics").status_code == 404


def test_takes_two_statements_for_any_number_of_days(site: Site) -> None:
    for _ in range(3):
        complete(site.base.imported())
    site.service.statements.clear()

    statistics(site, "?from=2025-01-01&to=2026-02-04")

    assert len(site.service.statements) == 3  # the first is for the key


def test_reads_its_rows_by_an_index(site: Site) -> None:
    site.service.rows(
        """
        INSERT INTO analysis_ends (workspace_id, status, media_ms, not_analysed, ended_time)
        SELECT workspace_id, 'ANALYZE_COMPLETED', 1000, 0, now() - n * interval '1 minute'
        FROM workspaces, generate_series(1, 20000) n
        WHERE workspace_name = %s
        """,
        site.name,
    )
    site.service.rows("ANALYZE analysis_ends")

    plan = site.service.rows(
        """
        EXPLAIN SELECT count(*) FROM analysis_ends
        WHERE workspace_id = (SELECT workspace_id FROM workspaces WHERE workspace_name = %s)
          AND ended_time >= now() - interval '1 day' AND ended_time < now()
        """,
        site.name,
    )

    assert "ends_of_workspace" in "\n".join(line for (line,) in plan)
