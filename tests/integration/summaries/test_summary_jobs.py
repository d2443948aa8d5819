"""Runs of scene summaries as jobs: their ends, their places in lists, and requests at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from edited_indexes import new_person, put, scenes_with
from scenedex.auth.keys import Role
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.selection import NotAnalysed
from scenedex.engines.summaries.scripted import ScriptedPause, SummaryScript
from scenedex.jobs import JobKind
from scenedex.metrics import Metrics
from scenedex.summaries import queries
from scenedex.summaries.service import requeue_lost_summaries
from summary_samples import OWN_IDS, attempts, handler, requested, status, until, with_scenes

if TYPE_CHECKING:
    from tests.conftest import Site


def test_without_an_engine_the_run_fails_with_the_remedy(site: Site) -> None:
    item, service = with_scenes(site), site.service
    lack = NotAnalysed("summaries", "it is switched off", "SCENEDEX_ENGINES_SUMMARIES=auto")
    summary_id = requested(item)

    service.run(lambda: attempts(service, handler(service, select=lambda: lack)).run(summary_id))

    ended = status(item)
    assert (ended["status"], ended["statusMessage"]) == (
        "SUMMARIZE_FAIL",
        "Scene summaries: it is switched off. To enable them: SCENEDEX_ENGINES_SUMMARIES=auto",
    )


def test_a_run_ends_quietly_if_its_index_is_deleted(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)

    async def deleted() -> None:
        pause = ScriptedPause(2)
        work = asyncio.create_task(attempts(service, handler(service, SummaryScript(pause=pause))).run(summary_id))
        await until(service, item, 1)
        assert (await asyncio.to_thread(item.call, "DELETE")).status_code == 200
        pause.is_over.set()
        await work

    service.run(deleted)

    assert service.rows("SELECT count(*) FROM summary_runs WHERE summary_id = %s", summary_id) == [(0,)]


def test_a_lost_job_is_replaced(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)
    service.rows("DELETE FROM procrastinate_jobs WHERE task_name = 'summary'")
    service.rows("UPDATE summary_runs SET created_time = now() - interval '1 hour' WHERE summary_id = %s", summary_id)

    service.transact(lambda tx: requeue_lost_summaries(tx, service.platform.queue))

    statement = "SELECT count(*) FROM live_jobs JOIN summary_runs ON live_jobs.id = job_id WHERE summary_id = %s"
    assert service.rows(statement, summary_id) == [(1,)]


def test_jobs_are_listed_and_cancelled_by_name(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)
    claim = service.transact(lambda tx: queries.claim(tx, summary_id))
    assert claim is not None
    service.rows("UPDATE summary_runs SET done_count = 1 WHERE summary_id = %s", summary_id)

    lines = site.api("GET", f"{site.path}/jobs").json()["result"]["jobs"]
    [line] = [one for one in lines if one["kind"] == "summary"]

    assert (line["jobName"], line["kind"], line["assetId"], line["percent"]) == (
        f"summary:{summary_id}",
        JobKind.SUMMARY.value,
        item.asset_id,
        25,
    )
    assert site.service.api(Role.VIEWER)("POST", f"{site.path}/jobs/summary:{summary_id}/cancel").status_code == 401
    assert site.api("POST", f"{site.path}/jobs/summary:{summary_id}/cancel").status_code == 200
    ended = status(item)
    assert (ended["status"], ended["statusMessage"]) == ("SUMMARIZE_CANCELED", "Canceled by alice.")
    assert site.api("POST", f"{site.path}/jobs/summary:{summary_id}/cancel").status_code == 404
    # Whoever retries a cancelled run gets another one.
    assert site.api("POST", f"{site.path}/jobs/summary:{summary_id}/retry").status_code == 200
    assert status(item)["status"] == "WAIT_SUMMARIZE"


def test_a_retried_analysis_cancels_the_summary_of_the_present_index(site: Site) -> None:
    item = with_scenes(site)
    analysis = item.request_analysis()
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_FAIL' WHERE index_id = %s", analysis)
    requested(item)

    assert site.api("POST", f"{site.path}/jobs/analysis:{analysis}/retry").status_code == 200

    assert status(item)["status"] == "SUMMARIZE_CANCELED"


def test_a_cancelled_summary_is_not_retried_while_an_analysis_waits(site: Site) -> None:
    item = with_scenes(site)
    summary_id = requested(item)
    item.request_analysis()

    assert site.api("POST", f"{site.path}/jobs/summary:{summary_id}/retry").status_code == 404


def test_requests_edits_and_cancels_at_the_same_time_are_taken_one_after_the_other(site: Site) -> None:
    item = site.base.imported()
    put(item, replace(item.made_index(OWN_IDS + item.asset_id), scenes=scenes_with(item, new_person(site, "Ann"))))
    edit = ("PATCH", f"{item.path}/index/scripts/1", {"text": "Hello."})
    ask: tuple[str, str, object] = ("POST", f"{item.path}/scene-summary", {})
    cancel = ("POST", f"{item.path}/scene-summary/cancel", None)

    for _ in range(6):
        answers = site.api.at_once(edit, ask, cancel, edit, ask, edit)

        assert {answer.status_code for answer in answers} <= {200, 409}
        assert [answer.status_code for answer in (answers[1], answers[4])].count(200) >= 1
        item.call("POST", "/scene-summary/cancel")
        assert item.call(edit[0], "/index/scripts/1", edit[2]).status_code == 200


def test_each_scene_that_an_engine_describes_is_measured(site: Site) -> None:
    item, service = with_scenes(site, 3), site.service
    summary_id = requested(item)
    metrics = Metrics("worker")
    made = attempts(service, handler(service, SummaryScript(failures={2: 1}), metrics=metrics))

    with pytest.raises(EngineUnavailable):
        service.run(lambda: made.run(summary_id))
    service.run(lambda: made.run(summary_id))

    counts = {
        sample.labels["outcome"]: sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == "scenedex_scene_summary_seconds_count" and sample.labels["engine"] == "scripted"
    }
    assert counts == {"completed": 3, "failed": 1}
