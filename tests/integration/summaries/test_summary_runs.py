"""Runs of scene summaries: kills, takeovers, cancels, failures, and what the next run uses of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from edited_indexes import new_person, put, rename, scenes_with
from index_samples import SCRIPT
from scenedex.auth.keys import Role
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.selection import NotAnalysed
from scenedex.engines.summaries.scripted import SummaryScript
from scenedex.jobs import JobKind
from scenedex.jobs.errors import GivenUp, Superseded
from scenedex.metrics import Metrics
from scenedex.summaries import queries
from scenedex.summaries.run import EvidenceChanged
from scenedex.summaries.service import requeue_lost_summaries
from search_samples import Archive
from summary_samples import OWN_IDS, attempts, handler, requested, run, status, summaries, summarised, texts

if TYPE_CHECKING:
    from tests.conftest import Item, Service, Site


def with_scenes(site: Site, count: int = 4) -> Item:
    item = site.base.imported()
    put(item, item.made_index(OWN_IDS + item.asset_id, scenes=count))
    for number in range(1, count + 1):
        item.put(f"assets/{item.asset_id}/index-{OWN_IDS + item.asset_id}/{number}.jpg", b"jpeg")
    return item


def row(item: Item) -> tuple[Any, ...]:
    """Status, attempt, tries and scenes that are done."""
    statement = "SELECT status, attempt, tries, done_count FROM summary_runs JOIN indexes USING (index_id)"
    [found] = item.service.rows(f"{statement} WHERE asset_id = %s", item.asset_id)
    return found


def drafts(item: Item) -> list[int]:
    statement = "SELECT scene_id FROM summary_drafts JOIN indexes USING (index_id) WHERE asset_id = %s ORDER BY 1"
    return [scene for (scene,) in item.service.rows(statement, item.asset_id)]


async def until(service: Service, item: Item, done: int) -> None:
    """Wait until so many scenes of the run are done."""
    while True:
        async with service.platform.database.transaction() as tx:
            statement = "SELECT done_count FROM summary_runs JOIN indexes USING (index_id) WHERE asset_id = %s"
            if await tx.value(statement, item.asset_id) >= done:
                return
        await asyncio.sleep(0.01)


def test_a_killed_run_goes_on_after_its_last_finished_scene(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)
    slow = SummaryScript(seconds=0.15)

    async def killed() -> None:
        # A task that is never awaited again leaves the rows as a killed process does.
        made = handler(service, slow)
        claim = await made.claim(summary_id)
        assert claim is not None
        work = asyncio.create_task(made.work(claim))
        await until(service, item, 2)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    service.run(killed)
    assert row(item)[:2] == ("SUMMARIZING", 1)
    assert drafts(item) == [1, 2]
    second = SummaryScript()
    run(item, summary_id, second)

    assert (slow.said, second.said) == ([1, 2], [3, 4])
    assert second.preceding == [2, 3]
    assert list(texts(item)) == [1, 2, 3, 4]
    assert status(item)["progress"]["usage"] == {"pictures": 0, "inputTokens": 400, "outputTokens": 40}
    assert drafts(item) == []


def test_an_attempt_that_was_taken_over_writes_nothing(site: Site) -> None:
    item, service = with_scenes(site, 2), site.service
    summary_id = requested(item)
    late = handler(service, SummaryScript(seconds=0.3))

    async def overtaken() -> None:
        claim = await late.claim(summary_id)
        assert claim is not None
        work = asyncio.create_task(late.work(claim))
        await asyncio.sleep(0.1)
        await attempts(service, handler(service)).run(summary_id)
        with pytest.raises(Superseded):
            await work

    service.run(overtaken)

    assert row(item) == ("SUMMARIZE_COMPLETED", 2, 1, 2)


def test_a_stopped_worker_gives_the_run_back(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)

    async def stopped() -> None:
        work = asyncio.create_task(attempts(service, handler(service, SummaryScript(seconds=0.1))).run(summary_id))
        await until(service, item, 1)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    service.run(stopped)

    assert (status(item)["status"], drafts(item)) == ("WAIT_SUMMARIZE", [1])
    assert row(item)[2] == 0


def test_a_cancelled_run_publishes_nothing_and_leaves_nothing(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)

    async def cancelled() -> None:
        work = asyncio.create_task(attempts(service, handler(service, SummaryScript(seconds=0.1))).run(summary_id))
        await until(service, item, 1)
        cancel = await asyncio.to_thread(item.call, "POST", "/scene-summary/cancel")
        assert cancel.status_code == 200
        await work

    service.run(cancelled)

    assert status(item)["status"] == "SUMMARIZE_CANCELED"
    assert drafts(item) == []
    assert item.call("GET", "/scene-summary").status_code == 404


def test_an_engine_that_fails_is_asked_again(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)
    script = SummaryScript(failures={2: 2})
    made = attempts(service, handler(service, script))

    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            service.run(lambda: made.run(summary_id))
    service.run(lambda: made.run(summary_id))

    assert script.said == [1, 2, 3, 4]
    ended = status(item)
    assert ended["status"] == "SUMMARIZE_COMPLETED"
    # A call that fails costs something, too.
    assert ended["progress"]["usage"]["inputTokens"] == 402


def test_a_failed_run_has_its_reason_and_the_next_one_goes_on(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summarised(item)
    former = summaries(item)
    rename_all(item)
    summary_id = requested(item)
    failing = SummaryScript(failures={3: 9})
    made = attempts(service, handler(service, failing), max_attempts=10)

    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            service.run(lambda: made.run(summary_id))
    with pytest.raises(GivenUp):
        service.run(lambda: made.run(summary_id))

    ended = status(item)
    assert (ended["status"], ended["statusMessage"]) == ("SUMMARIZE_FAIL", "The script has no words for scene 3.")
    assert summaries(item) == former
    assert drafts(item) == [1, 2]
    [line] = item.folder.site.api("GET", f"{site.path}/jobs?state=FAILED").json()["result"]["jobs"]
    assert (line["jobName"], line["kind"], line["reason"]) == (
        f"summary:{summary_id}",
        "summary",
        "The script has no words for scene 3.",
    )
    again = site.api("POST", f"{site.path}/jobs/summary:{summary_id}/retry").json()["result"]["jobName"]
    next_id = int(again.removeprefix("summary:"))
    script = SummaryScript()
    run(item, next_id, script)
    assert (next_id != summary_id, script.said) == (True, [3, 4])
    assert texts(item)[1].endswith("Later.")


def rename_all(item: Item) -> None:
    """Change what the first two scenes are about."""
    item.service.rows(
        "INSERT INTO scripts (index_id, scene_id, script_id, speaker, text, language, confidence, start_ms, end_ms)"
        " SELECT index_id, scene_id, scene_id, 'Speaker 1', 'Later.', 'en', 1, 0, 500"
        " FROM scenes JOIN indexes USING (index_id) WHERE asset_id = %s AND scene_id < 3",
        item.asset_id,
    )


def test_what_a_failed_run_made_is_not_used_if_the_evidence_has_changed(site: Site) -> None:
    item, service = site.base.imported(), site.service
    person = new_person(site, "Ann")
    index = item.made_index(OWN_IDS + item.asset_id)
    put(item, replace(index, scenes=scenes_with(item, person)))
    summary_id = requested(item)
    made = attempts(service, handler(service, SummaryScript(failures={2: 9})), max_attempts=1)
    with pytest.raises(GivenUp):
        service.run(lambda: made.run(summary_id))
    assert drafts(item) == [1]

    rename(site, person, "Bea")
    script = SummaryScript()
    summarised(item, script=script)

    assert script.said == [1, 2]
    assert "Bea is there." in texts(item)[1]


def test_what_a_failed_run_made_is_not_used_in_another_language(site: Site) -> None:
    item, service = with_scenes(site, 2), site.service
    summary_id = requested(item)
    made = attempts(service, handler(service, SummaryScript(failures={2: 9})), max_attempts=1)
    with pytest.raises(GivenUp):
        service.run(lambda: made.run(summary_id))

    script = SummaryScript()
    summarised(item, {"locale": "ko-KR"}, script)

    assert script.said == [1, 2]


def test_progress_resets_the_tries_but_repetition_does_not(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)

    async def dies(after: int) -> None:
        made = handler(service, SummaryScript(failures={after + 1: 9}))
        claim = await made.claim(summary_id)
        assert claim is not None
        with pytest.raises(EngineUnavailable):
            await made.work(claim)

    tries: list[int] = []
    for after in (1, 1, 2, 2):
        service.run(lambda after=after: dies(after))
        tries.append(row(item)[2])

    assert tries == [1, 2, 1, 2]


def test_names_of_others_are_known_to_be_absent(site: Site) -> None:
    item = site.base.imported()
    persons = [new_person(site, name) for name in ("Ann", "Bea", "Carl")]
    index = item.made_index(OWN_IDS + item.asset_id)
    put(item, replace(index, scenes=scenes_with(item, persons[0])))
    script = SummaryScript()

    summarised(item, script=script)

    assert script.absent_names == [{"Bea", "Carl"}] * 2


def test_pictures_are_read_as_far_as_they_are_there(site: Site) -> None:
    item, service = with_scenes(site, 3), site.service
    service.run(
        lambda: service.platform.managed.delete(f"assets/{item.asset_id}/index-{OWN_IDS + item.asset_id}/2.jpg")
    )
    script = SummaryScript(pictures_per_scene=4)

    summarised(item, script=script)

    assert script.pictures == [(500,), (), (2500,)]
    assert status(item)["progress"]["usage"]["pictures"] == 2


def test_a_partial_run_knows_the_summaries_before_its_scenes(site: Site) -> None:
    item = with_scenes(site)
    summarised(item)
    script = SummaryScript()

    summarised(item, {"sceneIds": [2, 4]}, script)

    assert (script.said, script.preceding) == ([2, 4], [1, 3])


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
        work = asyncio.create_task(attempts(service, handler(service, SummaryScript(seconds=0.1))).run(summary_id))
        await until(service, item, 1)
        assert (await asyncio.to_thread(item.call, "DELETE")).status_code == 200
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


def test_a_person_who_is_renamed_meanwhile_is_named_as_at_the_end(site: Site) -> None:
    item, service = site.base.imported(), site.service
    person = new_person(site, "Ann")
    put(item, replace(item.made_index(OWN_IDS + item.asset_id), scenes=scenes_with(item, person)))
    summary_id = requested(item)
    script = SummaryScript(seconds=0.2)
    made = attempts(service, handler(service, script))

    async def renamed() -> None:
        work = asyncio.create_task(made.run(summary_id))
        await until(service, item, 1)
        await asyncio.to_thread(rename, site, person, "Bea")
        with pytest.raises(EvidenceChanged):
            await work

    service.run(renamed)
    service.run(lambda: made.run(summary_id))

    assert script.said == [1, 2, 1, 2]
    assert all("Bea is there." in text and "Ann" not in text for text in texts(item).values())


def test_the_erasure_of_a_person_erases_the_summaries_of_its_scenes(site: Site) -> None:
    item, archive = site.base.imported(), Archive(site)
    person = new_person(site, "Annabel")
    index = item.made_index(OWN_IDS + item.asset_id, scenes=3)
    first, second, third = index.scenes
    shown, _ = scenes_with(item, person)
    # The second scene has a line of a speaker who is linked to the person. The third has neither.
    said = replace(second, scripts=(replace(SCRIPT, script_id=9, speaker="Speaker 7", start_ms=1100, end_ms=1500),))
    put(item, replace(index, scenes=(replace(first, persons=shown.persons), said, third)))
    link = item.call("PATCH", "/index/speakers/Speaker%207", {"personId": person})
    assert link.status_code == 200, link.text
    summarised(item)
    assert archive.found('"Annabel is there"') == [(item.asset_id, 1)]
    tag = item.call("GET", "/index").headers["etag"]

    answer = site.api("DELETE", f"{site.path}/persons/{person}?erase=true")

    assert {one["kind"]: one["count"] for one in answer.json()["result"]["removed"]}["SUMMARY"] == 2
    assert list(texts(item)) == [3]
    assert archive.found('"Annabel is there"') == []
    assert archive.found('"this is scene 3"') == [(item.asset_id, 3)]
    assert item.call("GET", "/index").headers["etag"] != tag


def test_an_erasure_in_the_middle_of_a_run_leaves_no_name(site: Site) -> None:
    item, service = site.base.imported(), site.service
    person = new_person(site, "Annabel")
    put(item, replace(item.made_index(OWN_IDS + item.asset_id), scenes=scenes_with(item, person)))
    summary_id = requested(item)
    made = attempts(service, handler(service, SummaryScript(seconds=0.2)))

    async def erased() -> None:
        work = asyncio.create_task(made.run(summary_id))
        await until(service, item, 1)
        await asyncio.to_thread(site.api, "DELETE", f"{site.path}/persons/{person}?erase=true")
        with pytest.raises(EvidenceChanged):
            await work

    service.run(erased)
    service.run(lambda: made.run(summary_id))

    assert not any("Annabel" in text for text in texts(item).values())
    assert drafts(item) == []


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
