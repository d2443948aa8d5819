"""Test doubles for programs that use the SDK: a transport that answers from a script, and a clock that never waits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
import msgspec

from scenedex.client.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it arrived. The target is the raw path and query, and headers have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Recorder(httpx2.BaseTransport):
    """Transport that records requests and answers them from a script.

    When the script is empty, requests go to the next transport.

    Attributes:
        received: all requests, in order.
        answers: responses to give, and errors to raise, in order.
    """

    def __init__(self, transport: httpx2.BaseTransport | None = None) -> None:
        self._transport = transport
        self.received: list[Received] = []
        self.answers: deque[httpx2.Response | Exception] = deque()

    def add_result(self, result: object) -> None:
        """Add a successful answer with this result to the script."""
        self.answers.append(httpx2.Response(200, content=msgspec.json.encode({"code": "0", "result": result})))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Record a request and answer it.

        Raises:
            AssertionError: the script is empty and there is no next transport.
        """
        body, target = request.read(), request.url.raw_path.decode("ascii")
        self.received.append(Received(request.method, target, dict(request.headers), body))
        if self.answers:
            answer = self.answers.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        if self._transport is None:
            raise AssertionError(f"The script has no answer to {request.method} {target}.")
        return self._transport.handle_request(request)


class ManualTime:
    """Clock that advances only when its user sleeps.

    Attributes:
        seconds: current time, in seconds since the Unix epoch.
        sleeps: requested pauses, in seconds.
    """

    def __init__(self, seconds: float = 1_700_000_000.0) -> None:
        self.seconds = seconds
        self.sleeps: list[float] = []

    def now(self) -> float:
        """Return the current time."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Advance the time."""
        self.sleeps.append(seconds)
        self.seconds += seconds

    def clock(self, jitter: float = 0.0) -> Clock:
        """Return a clock for a client, with constant jitter."""
        return Clock(now=self.now, monotonic=self.now, sleep=self.sleep, jitter=lambda: jitter)


__all__ = ["ManualTime", "Received", "Recorder"]
