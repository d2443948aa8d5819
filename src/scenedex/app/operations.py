"""Routes for operators, which need no signature: liveness, readiness, metrics."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from litestar import MediaType, Request, Response, get
from litestar.response import Redirect

from scenedex import __version__
from scenedex.app.metrics import ApiMetrics, SharedState
from scenedex.app.timed_query import TimedQuery
from scenedex.auth.middleware import PUBLIC
from scenedex.console.pages import ConsolePage
from scenedex.db.database import Database
from scenedex.jobs.state import job_counts, longest_waits
from scenedex.metrics.reports import count_reporting, total_samples
from scenedex.wire.routing import Injected

# A worker that missed three reports is not counted.
_ACTIVE_WITHIN: Final = timedelta(seconds=30)
# Less than the two seconds that an orchestrator may wait, and than the ten after which a scrape fails.
_SECONDS_TO_BE_READY: Final = 1.5
_SECONDS_TO_COUNT: Final = 5
_ADDRESSES: Final = {
    "console": "/console/",
    "docs": "/docs",
    "openapi": "/schema",
    "liveness": "/healthz",
    "readiness": "/readyz",
}


@get("/", include_in_schema=False, opt={PUBLIC: True})
async def root(request: Request[Any, Any, Any], console: Injected[ConsolePage]) -> Response[Any]:
    """Send a browser to the console, and name the addresses for other clients."""
    if "text/html" in request.headers.get("accept", ""):
        return Redirect(console.path)
    return Response({"name": "Scenedex", "version": __version__, **_ADDRESSES}, media_type=MediaType.JSON)


@get("/healthz", include_in_schema=False, opt={PUBLIC: True}, media_type=MediaType.TEXT)
async def healthz() -> str:
    """Answer as long as the process runs."""
    return "ok"


@get("/readyz", include_in_schema=False, opt={PUBLIC: True}, media_type=MediaType.TEXT)
async def readyz(readiness: Injected[TimedQuery[bool]]) -> Response[str]:
    """Return 200 if the database answers in time, else 503."""
    if not await readiness.answer():
        return Response("the database does not answer", status_code=503, media_type=MediaType.TEXT)
    return Response("ready", media_type=MediaType.TEXT)


@get("/metrics", include_in_schema=False, opt={PUBLIC: True})
async def metrics_text(
    shared_state: Injected[TimedQuery[SharedState]], metrics: Injected[ApiMetrics]
) -> Response[bytes]:
    """Return the metrics of this process, of the queue and of all workers together."""
    state = await shared_state.answer() or SharedState()
    return Response(metrics.text(state), media_type="text/plain; version=0.0.4")


def readiness_of(database: Database) -> TimedQuery[bool]:
    """Return the query that tests whether a database answers."""

    async def ask() -> bool:
        async with database.transaction() as tx:
            return await tx.value("SELECT 1") == 1

    return TimedQuery(ask, _SECONDS_TO_BE_READY)


def shared_state_of(database: Database) -> TimedQuery[SharedState]:
    """Return the query for the metrics of all processes."""

    async def ask() -> SharedState:
        async with database.transaction() as tx:
            return SharedState(
                await job_counts(tx),
                await longest_waits(tx),
                await count_reporting(tx, _ACTIVE_WITHIN),
                await total_samples(tx),
            )

    return TimedQuery(ask, _SECONDS_TO_COUNT)


routes = [root, healthz, readyz, metrics_text]
