"""Doors for operators, open without a signature: liveness, readiness, metrics."""

from __future__ import annotations

from litestar import MediaType, Response, get

from scenedex.app.metrics import Metrics
from scenedex.auth.middleware import PUBLIC
from scenedex.db.database import DatabaseUnavailable
from scenedex.wire.routing import Injected
from scenedex.wiring import Platform


@get("/healthz", include_in_schema=False, opt={PUBLIC: True}, media_type=MediaType.TEXT)
async def healthz() -> str:
    """The process is alive."""
    return "ok"


@get("/readyz", include_in_schema=False, opt={PUBLIC: True}, media_type=MediaType.TEXT)
async def readyz(platform: Injected[Platform]) -> Response[str]:
    """The database answers."""
    try:
        async with platform.database.transaction() as tx:
            await tx.value("SELECT 1")
    except DatabaseUnavailable:
        return Response("the database does not answer", status_code=503, media_type=MediaType.TEXT)
    return Response("ready", media_type=MediaType.TEXT)


@get("/metrics", include_in_schema=False, opt={PUBLIC: True})
async def metrics_text(platform: Injected[Platform], metrics: Injected[Metrics]) -> Response[bytes]:
    """The metrics of this process, and of the queue that all processes share."""
    try:
        async with platform.database.transaction() as tx:
            metrics.set_jobs(
                await tx.all(
                    _job_count,
                    "SELECT task_name, status::text, count(*) FROM procrastinate_jobs"
                    " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2",
                )
            )
    except DatabaseUnavailable:
        metrics.set_jobs([])
    return Response(metrics.text(), media_type="text/plain; version=0.0.4")


def _job_count(kind: str, status: str, number: int) -> tuple[str, str, int]:
    return kind, status, number


routes = [healthz, readyz, metrics_text]
