"""Clients in processes of their own, each with one connection that is kept open, signing as clients do."""

from __future__ import annotations

import http.client
import itertools
import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.api.running import HOST

from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from collections.abc import Generator

    from benchmarks.api.running import Key

SECONDS_TO_GATHER = 0.2


@dataclass(frozen=True, slots=True)
class Load:
    """The request that every client repeats.

    Attributes:
        port: port of the server, on this machine.
        key: access key that signs requests. Without one, requests are not signed.
        method: HTTP method.
        target: path and query.
        body: body of each request. The number of the request replaces ``{number}``.
    """

    port: int
    key: Key | None
    method: str
    target: str
    body: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Results of a load.

    Attributes:
        seconds: duration of each answered request.
        errors: requests with another status than 200.
        elapsed: seconds from the first request to the last answer.
    """

    seconds: tuple[float, ...]
    errors: int
    elapsed: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return (len(self.seconds) - self.errors) / self.elapsed

    def percentile(self, percent: float) -> float:
        """The time in seconds within which that many of a hundred requests were answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class Clients:
    """A number of clients that begin and end at the same time."""

    def __init__(self, pool: ProcessPoolExecutor, number: int) -> None:
        self._pool = pool
        self._number = number

    def run(self, load: Load, seconds: float) -> Answers:
        """Repeat the request with all clients for this time, and return the results."""
        begin = time.monotonic() + SECONDS_TO_GATHER
        running = [self._pool.submit(_ask, load, client, begin, seconds) for client in range(self._number)]
        parts = [future.result() for future in running]
        return Answers(
            tuple(itertools.chain.from_iterable(part.seconds for part in parts)),
            sum(part.errors for part in parts),
            max(part.elapsed for part in parts),
        )


@contextmanager
def clients(number: int) -> Generator[Clients]:
    """Client processes, ready to ask."""
    with ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.5] * number))
        yield Clients(pool, number)


def answer(load: Load) -> bytes:
    """The body of one answer.

    Raises:
        RuntimeError: the status is not 200.
    """
    connection = http.client.HTTPConnection(HOST, load.port, timeout=60)
    try:
        status, body = _exchange(connection, load, 0)
    finally:
        connection.close()
    if status != http.client.OK:
        raise RuntimeError(f"{status}: {body[:500]!r}")
    return body


def _ask(load: Load, client: int, begin: float, seconds: float) -> Answers:
    connection = http.client.HTTPConnection(HOST, load.port, timeout=60)
    connection.connect()
    times: list[float] = []
    errors = 0
    time.sleep(max(0, begin - time.monotonic()))
    started = time.monotonic()
    for number in itertools.count(client * 10**9 + int(begin * 1000) % 10**9):
        asked = time.monotonic()
        if asked - started >= seconds:
            break
        status, _ = _exchange(connection, load, number)
        times.append(time.monotonic() - asked)
        errors += status != http.client.OK
    elapsed = time.monotonic() - started
    connection.close()
    return Answers(tuple(times), errors, elapsed)


def _exchange(connection: http.client.HTTPConnection, load: Load, number: int) -> tuple[int, bytes]:
    headers: dict[str, str] = {}
    if load.key is not None:
        credentials = Credentials(load.key.access_key, load.key.secret_key)
        headers = credentials.headers(load.method, load.target, time.time_ns() // 1_000_000)
    body = None
    if load.body is not None:
        body = json.dumps({name: value.format(number=number) for name, value in load.body.items()})
    connection.request(load.method, load.target, body, headers)
    found = connection.getresponse()
    return found.status, found.read()
