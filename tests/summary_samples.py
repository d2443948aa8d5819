"""Scene summaries that tests run without a worker process, with a scripted engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenedex.engines.engine import EngineChoice
from scenedex.engines.summaries.scripted import SCRIPTED, ScriptedSummariser, SummaryScript
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.summaries.run import SummaryHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Item, Service

    from scenedex.engines.selection import NotAnalysed
    from scenedex.metrics import Metrics

OWN_IDS = 7_000_000_000
"""Start of the ids of indexes that no analysis has made."""

CHOICE = EngineChoice(SCRIPTED.name, SCRIPTED.version)


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
