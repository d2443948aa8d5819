"""Runs of scene summaries: kills, takeovers, cancels, failures, and what the next run uses of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.summaries.scripted import ScriptedPause, SummaryScript
from scenedex.jobs.errors import GivenUp, Superseded
from summary_samples import (
    attempts,
    drafts,
    handler,
    requested,
    run,
    status,
    summaries,
    summarised,
    texts,
    until,
    with_scenes,
)

if TYPE_CHECKING:
    from tests.conftest import Item, Site


def row(item: Item) -> tuple[Any, ...]:
    """Status, attempt, tries and scenes that are done."""
    statement = "SELECT status, attempt, tries, done_count FROM summary_runs JOIN indexes USING (index_id)"
    [found] = item.service.rows(f"{statement} WHERE asset_id = %s", item.asset_id)
    return found


def test_a_killed_run_goes_on_after_its_last_finished_scene(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)
    former = SummaryScript(pause=ScriptedPause(3))

    async def killed() -> None:
        # A task that is never awaited again leaves the rows as a killed process does.
        made = handler(service, former)
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

    assert (former.said, second.said) == ([1, 2], [3, 4])
    assert second.preceding == [2, 3]
    assert list(texts(item)) == [1, 2, 3, 4]
    assert status(item)["progress"]["usage"] == {"pictures": 0, "inputTokens": 400, "outputTokens": 40}
    assert drafts(item) == []


def test_an_attempt_that_was_taken_over_writes_nothing(site: Site) -> None:
    item, service = with_scenes(site, 2), site.service
    summary_id = requested(item)
    pause = ScriptedPause(1)
    late = handler(service, SummaryScript(pause=pause))

    async def overtaken() -> None:
        claim = await late.claim(summary_id)
        assert claim is not None
        work = asyncio.create_task(late.work(claim))
        await pause.is_reached.wait()
        await attempts(service, handler(service)).run(summary_id)
        pause.is_over.set()
        with pytest.raises(Superseded):
            await work

    service.run(overtaken)

    assert row(item) == ("SUMMARIZE_COMPLETED", 2, 1, 2)


def test_a_stopped_worker_gives_the_run_back(site: Site) -> None:
    item, service = with_scenes(site), site.service
    summary_id = requested(item)

    async def stopped() -> None:
        script = SummaryScript(pause=ScriptedPause(2))
        work = asyncio.create_task(attempts(service, handler(service, script)).run(summary_id))
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
        pause = ScriptedPause(2)
        work = asyncio.create_task(attempts(service, handler(service, SummaryScript(pause=pause))).run(summary_id))
        await until(service, item, 1)
        cancel = await asyncio.to_thread(item.call, "POST", "/scene-summary/cancel")
        assert cancel.status_code == 200
        pause.is_over.set()
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
