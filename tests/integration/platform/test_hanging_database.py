"""Readiness while the database hangs: it answers neither yes nor no."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from process_tree import children_of, without_forks
from processes import Server, running, until
from sizes import Embedded

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.conftest import Service

# A pool waits longer for a connection.
LIMIT_S = 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    data_dir = tmp_path_factory.mktemp("hanging") / "data"
    with running(Server(data_dir, Embedded(data_dir))) as started:
        yield started


def database_processes(server: Server) -> list[int]:
    """Return the processes of the embedded PostgreSQL."""
    (postmaster,) = without_forks(server.pids("bin/postgres", str(server.data_dir)))
    return [postmaster, *children_of(postmaster)]


def ask(server: Server, path: str = "/readyz") -> tuple[int, float]:
    """Return the status of an answer, and the seconds that it took."""
    started = time.monotonic()
    try:
        with urllib.request.urlopen(f"{server.endpoint}{path}", timeout=60) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        with error:
            status = error.code
    return status, time.monotonic() - started


def test_readiness_answers_in_time_while_the_database_is_frozen(server: Server) -> None:
    frozen = database_processes(server)
    for pid in frozen:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        asked = [ask(server) for _ in range(3)]
        metrics, alive = ask(server, "/metrics"), ask(server, "/healthz")
    finally:
        for pid in frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    assert [status for status, _ in asked] == [503] * 3
    assert max(seconds for _, seconds in asked) < LIMIT_S
    assert (metrics[0], metrics[1] < 2 * LIMIT_S, alive[0]) == (200, True, 200)
    until(lambda: ask(server)[0] == 200, "the server is ready again")


def test_readiness_answers_in_time_while_all_connections_are_in_use(service: Service) -> None:
    pool_size = service.platform.settings.database.pool_size

    async def ask_while_busy() -> tuple[int, float]:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(pool_size):
                await stack.enter_async_context(service.platform.database.transaction())
            started = time.monotonic()
            answer = await asyncio.to_thread(service.client.get, "/readyz")
            return answer.status_code, time.monotonic() - started

    status, seconds = service.run(ask_while_busy)

    assert (status, seconds < LIMIT_S) == (503, True)
    until(lambda: service.client.get("/readyz").status_code == 200, "the service is ready again")
