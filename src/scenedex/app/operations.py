"""Routes for operators, which need no signature: liveness, readiness, metrics."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Final

from litestar import MediaType, Response, get

from scenedex.app.metrics import ApiMetrics, SharedState
from scenedex.auth.middleware import PUBLIC
from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs.state import job_counts, longest_waits
from scenedex.metrics.reports import count_reporting, total_samples
from scenedex.wire.routing import Injected
from scenedex.wiring import Platform

# A worker that missed three reports is not counted.
_ACTIVE_WITHIN: Final = timedelta(seconds=30)


@get("/healthz", include_in_schema=False, opt={PUBLIC: True}, media_type=MediaType.TEXT)
async def healthz() -> str:
    """Answer as long as the process runs."""
    return "ok"


@get("/readyz", include_in_schema=False, opt={PUBLIC: True}, media_type=MediaType.TEXT)
async def readyz(platform: Injected[Platform]) -> Response[str]:
    """Return 200 if the database answers, else 503."""
    try:
        async with platform.database.transaction() as tx:
            await tx.value("SELECT 1")
    except DatabaseUnavailable:
        return Response("the database does not answer", status_code=503, media_type=MediaType.TEXT)
    return Response("ready", media_type=MediaType.TEXT)


@get("/metrics", include_in_schema=False, opt={PUBLIC: True})
async def metrics_text(platform: Injected[Platform], metrics: Injected[ApiMetrics]) -> Response[bytes]:
    """Return the metrics of this process, of the queue and of all workers together."""
    state = SharedState()
    with contextlib.suppress(DatabaseUnavailable):
        async with platform.database.transaction() as tx:
            state = SharedState(
                await job_counts(tx),
                await longest_waits(tx),
                await count_reporting(tx, _ACTIVE_WITHIN),
                await total_samples(tx),
            )
    return Response(metrics.text(state), media_type="text/plain; version=0.0.4")


routes = [healthz, readyz, metrics_text]
