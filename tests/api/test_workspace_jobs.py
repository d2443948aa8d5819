"""Jobs of a workspace: list, cancel, retry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Site


def jobs(site: Site, query: str = "") -> list[dict[str, Any]]:
    answer = site.api("GET", f"{site.path}/jobs{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["jobs"]


def test_jobs_that_wait_are_listed_with_their_assets(site: Site) -> None:
    item = site.base.imported("film.mp4")
    index_id = item.request_analysis()

    [job] = [one for one in jobs(site) if one["kind"] == "analysis"]

    assert job["jobName"] == f"analysis:{index_id}"
    assert (job["state"], job["assetId"], job["fileName"]) == ("WAITING", item.asset_id, "film.mp4")


def test_a_job_is_cancelled_and_retried_by_name(site: Site) -> None:
    item = site.base.imported()
    name = f"analysis:{item.request_analysis()}"

    cancelled = site.api("POST", f"{site.path}/jobs/{name}/cancel")
    again = site.api("POST", f"{site.path}/jobs/{name}/retry")

    assert cancelled.json() == {"code": "0", "message": "success"}
    assert again.json()["result"]["jobName"].startswith("analysis:")
    assert again.json()["result"]["jobName"] != name
    events = [one["event"] for one in site.api("GET", "/api/v1/audit-events?pageNum=1").json()["result"]["content"]]
    assert {"Cancel Job", "Retry Job"} <= set(events)


def test_failed_jobs_have_their_reasons(site: Site) -> None:
    item = site.base.imported("broken.mp4")
    index_id = item.request_analysis()
    item.service.rows(
        "UPDATE analyses SET status = 'ANALYZE_FAIL', message = 'The disk is full.' WHERE index_id = %s", index_id
    )

    [job] = jobs(site, "?state=FAILED")

    assert (job["jobName"], job["state"], job["reason"]) == (f"analysis:{index_id}", "FAILED", "The disk is full.")


@pytest.mark.parametrize("name", ["analysis:999999", "analysis:x", "meal:1", "analysis", f"analysis:{10**20}"])
@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_an_unknown_job_is_not_found(name: str, verb: str, site: Site) -> None:
    answer = site.api("POST", f"{site.path}/jobs/{name}/{verb}")

    assert (answer.status_code, answer.json()["code"]) == (404, "40418")


def test_jobs_of_another_workspace_are_neither_listed_nor_touched(site: Site, new_site: Any) -> None:
    other = new_site(site.service)
    index_id = other.base.imported().request_analysis()

    assert jobs(site) == []
    for verb in ("cancel", "retry"):
        assert site.api("POST", f"{site.path}/jobs/analysis:{index_id}/{verb}").status_code == 404
    assert [one["jobName"] for one in jobs(other) if one["kind"] == "analysis"] == [f"analysis:{index_id}"]


def test_a_search_cannot_be_retried(site: Site) -> None:
    body = {"query": {"textQuery": "ship"}, "filter": {"projectIds": [site.base.project_id]}}
    site.api("POST", f"{site.path}/assets/search", body)
    [job] = [one for one in jobs(site) if one["kind"] == "search"]

    answer = site.api("POST", f"{site.path}/jobs/{job['jobName']}/retry")

    assert (answer.status_code, answer.json()["code"]) == (409, "40918")
