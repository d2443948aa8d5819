"""Scene summaries that tests run without a worker process, with a scripted engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from edited_indexes import put
from scenedex.engines.engine import EngineChoice
from scenedex.engines.summaries.scripted import SCRIPTED, ScriptedSummariser, SummaryScript
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.summaries.run import SummaryHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Item, Service, Site

    from scenedex.engines.selection import NotAnalysed
    from scenedex.metrics import Metrics

OWN_IDS = 7_000_000_000
"""Start of the ids of indexes that no analysis has made."""

CHOICE = EngineChoice(SCRIPTED.name, SCRIPTED.version)


def with_index(site: Site, *, scenes: int = 3, **changes: Any) -> Item:
    """An asset whose analysis has completed with an index of that many scenes."""
    item = site.base.imported()
    item.request_analysis()
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)
    [(index_id,)] = site.service.rows("SELECT index_id FROM analyses WHERE asset_id = %s", item.asset_id)
    put(item, replace(item.made_index(index_id, scenes=scenes), **changes))
    return item


def with_scenes(site: Site, count: int = 4) -> Item:
    """An asset with an index of that many scenes with keyframes, of no analysis."""
    item = site.base.imported()
    put(item, item.made_index(OWN_IDS + item.asset_id, scenes=count))
    for number in range(1, count + 1):
        item.put(f"assets/{item.asset_id}/index-{OWN_IDS + item.asset_id}/{number}.jpg", b"jpeg")
    return item


def handler(
    service: Service,
    script: SummaryScript | None = None,
    select: Callable[[], EngineChoice | NotAnalysed] | None = None,
    metrics: Metrics | None = None,
) -> SummaryHandler:
    """The handler of summaries, with a scripted engine."""
    engine = ScriptedSummariser(script)
    platform = service.platform
    return SummaryHandler(
        platform.database,
        platform.managed,
        select=select or (lambda: CHOICE),
        open_summariser=lambda _choice: engine,
        metrics=metrics or platform.metrics,
    )


def attempts(service: Service, made: SummaryHandler, max_attempts: int = 3) -> Attempts[Any]:
    return Attempts(made, service.platform.database, readiness=AlwaysReady(), max_attempts=max_attempts)


def request(item: Item, body: object = None) -> httpx2.Response:
    """Request a summary."""
    return item.call("POST", "/scene-summary", body)


def requested(item: Item, body: object = None) -> int:
    """Request a summary and return the id of its run."""
    answer = request(item, body)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["sceneSummaryId"]


def run(item: Item, summary_id: int, script: SummaryScript | None = None) -> None:
    """Run a requested summary."""
    service = item.service
    service.run(lambda: attempts(service, handler(service, script)).run(summary_id))


def summarised(item: Item, body: object = None, script: SummaryScript | None = None) -> int:
    """Request and run a summary. Return the id of its run."""
    summary_id = requested(item, body)
    run(item, summary_id, script)
    return summary_id


def status(item: Item) -> dict[str, Any]:
    answer = item.call("GET", "/scene-summary/status")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def summaries(item: Item) -> dict[str, Any]:
    answer = item.call("GET", "/scene-summary")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def texts(item: Item) -> dict[int, str]:
    """The published summaries by scene."""
    return {scene["sceneId"]: scene["summary"] for scene in summaries(item)["sceneSummaries"]}


def drafts(item: Item) -> list[int]:
    """Scenes that a run has finished, before it publishes them."""
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
