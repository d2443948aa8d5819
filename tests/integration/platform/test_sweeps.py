"""Periodic repairs by a worker: lost jobs, uploads without a completion, objects left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.worker import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Item, Service, Serving, Site


@pytest.fixture(scope="module")
def quiet(serving: Serving) -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def site(quiet: Service, new_site: Callable[[Service], Site]) -> Site:
    for table in ("workspaces", "procrastinate_jobs", "erasures"):
        quiet.rows(f"DELETE FROM {table}")
    return new_site(quiet)


@pytest.fixture
def importing(site: Site) -> Item:
    """An asset whose import has waited for an hour."""
    item = site.base.register()
    site.service.rows("UPDATE assets SET created_time = now() - interval '1 hour' WHERE asset_id = %s", item.asset_id)
    return item


@pytest.fixture
def analysing(site: Site) -> tuple[Item, int]:
    """An asset whose analysis has waited for an hour."""
    item = site.base.imported()
    site.service.rows("DELETE FROM procrastinate_jobs")
    index_id = item.request_analysis()
    site.service.rows("UPDATE analyses SET created_time = now() - interval '1 hour' WHERE index_id = %s", index_id)
    return item, index_id


def run(site: Site) -> None:
    site.service.run(lambda: sweep(site.service.platform))


def jobs(site: Site) -> list[tuple[str, int]]:
    return site.service.rows(
        "SELECT task_name, (args->>'subject')::int FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
    )


def lose_jobs(site: Site, how: str) -> None:
    if how == "gone":
        site.service.rows("DELETE FROM procrastinate_jobs")
    else:
        site.service.rows("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status", how)


@pytest.mark.parametrize("how", ["gone", "failed", "aborted", "cancelled", "succeeded"])
def test_an_import_whose_job_was_lost_gets_another(how: str, site: Site, importing: Item) -> None:
    lose_jobs(site, how)

    run(site)

    assert jobs(site) == [("import", importing.asset_id)]


@pytest.mark.parametrize("how", ["gone", "failed", "aborted"])
def test_an_analysis_whose_job_was_lost_gets_another(how: str, site: Site, analysing: tuple[Item, int]) -> None:
    lose_jobs(site, how)

    run(site)

    assert jobs(site) == [("analysis", analysing[1])]


def test_a_row_gets_one_job_however_often_the_house_is_kept(site: Site, importing: Item) -> None:
    lose_jobs(site, "gone")

    for _ in range(3):
        run(site)

    assert jobs(site) == [("import", importing.asset_id)]


@pytest.mark.parametrize("status", ["todo", "doing"])
def test_a_row_whose_job_lives_gets_no_other(status: str, site: Site, importing: Item) -> None:
    lose_jobs(site, status)

    run(site)

    assert site.service.rows("SELECT status::text, args->>'subject' FROM procrastinate_jobs") == [
        (status, str(importing.asset_id))
    ]


def test_rows_that_are_over_get_no_job(site: Site, analysing: tuple[Item, int]) -> None:
    item, _index_id = analysing
    item.call("POST", "/index/cancel")
    site.service.rows("UPDATE assets SET created_time = now() - interval '1 hour'")
    lose_jobs(site, "gone")

    run(site)

    assert jobs(site) == []


def test_a_fresh_row_is_given_time(site: Site) -> None:
    site.base.register()
    lose_jobs(site, "gone")

    run(site)

    assert jobs(site) == []


def test_objects_left_behind_get_a_job(site: Site) -> None:
    site.base.register().call("DELETE")
    lose_jobs(site, "gone")

    run(site)

    assert [kind for kind, _ in jobs(site)] == ["erasure"]


def test_uploads_that_nobody_completed_go_with_their_objects(site: Site) -> None:
    site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": "a.mp4"})
    site.service.rows("UPDATE uploads SET expires_time = now() - interval '25 hours'")

    run(site)

    assert site.service.rows("SELECT 1 FROM uploads") == []
    assert [kind for kind, _ in jobs(site)] == ["erasure"]


class TestSearches:
    def asked(self, site: Site) -> str:
        body = {"query": {"textQuery": "harbour"}, "filter": {"projectIds": [site.base_project]}}
        answer = site.api("POST", f"{site.path}/assets/search", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]["searchId"]

    def test_get_another_job_when_theirs_is_lost(self, site: Site) -> None:
        search_id = self.asked(site)
        [(number,)] = site.service.rows("SELECT search_number FROM searches WHERE search_id = %s", search_id)
        site.service.rows("DELETE FROM procrastinate_jobs")

        run(site)

        assert jobs(site) == [("search", number)]

    def test_go_when_their_time_is_over(self, site: Site) -> None:
        kept, gone = self.asked(site), self.asked(site)
        site.service.rows("UPDATE searches SET expires_time = now() WHERE search_id = %s", gone)

        run(site)

        assert site.service.rows("SELECT search_id FROM searches") == [(kept,)]
