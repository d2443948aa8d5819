"""Trace id of each request, in the answer and in the logs, and metrics of requests."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

    from scenedex.app.metrics import ApiMetrics

# The vendor's gateway sends the first, and its SDKs read the second.
_ID_HEADERS = (b"x-ncp-trace-id", b"x-ncp-request-id")
_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.http")


class Tracing:
    """Outermost ASGI layer of the application."""

    def __init__(self, application: ASGIApp, metrics: ApiMetrics) -> None:
        self.application = application
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        trace_id = uuid.uuid4().hex
        status = 0
        started = time.perf_counter()

        async def send_traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *((name, trace_id.encode()) for name in _ID_HEADERS)]
            await send(message)

        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            try:
                await self.application(scope, receive, send_traced)
            finally:
                seconds = time.perf_counter() - started
                method = str(scope.get("method"))
                self._metrics.note_request(method, status, seconds)
                _log.debug("request", method=method, path=scope["path"], status=status, ms=round(seconds * 1000, 1))
