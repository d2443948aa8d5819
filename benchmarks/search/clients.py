"""Clients that request a search and poll it until it has completed, each over one connection."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.api.running import HOST

from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.api.running import Key

    Body = Mapping[str, object]

POLL_S = 0.002
POLL_OF_MANY_S = 0.02


@dataclass(frozen=True, slots=True)
class Searcher:
    """A client of the searches of a workspace.

    Attributes:
        connection: connection to the server.
        credentials: credentials that requests are signed with.
        path: path of the searches.
        poll: seconds between two polls.
    """

    connection: http.client.HTTPConnection
    credentials: Credentials
    path: str
    poll: float

    @classmethod
    def connected(cls, port: int, key: Key, workspace: str, poll: float = POLL_S) -> Searcher:
        """Return a client with a connection."""
        connection = http.client.HTTPConnection(HOST, port, timeout=120)
        connection.connect()
        path = f"/api/v1/workspaces/{workspace}/assets/search"
        return cls(connection, Credentials(key.access_key, key.secret_key), path, poll)

    def search(self, body: Body) -> int:
        """Search, wait and read the first ten hits. Return the total number of hits."""
        search_id = self._exchange("POST", self.path, body)["searchId"]
        while True:
            found = self._exchange("GET", f"{self.path}/{search_id}?pageSize=10")
            if found["status"] == "COMPLETED":
                return int(found["totalCount"])
            assert found["status"] == "RUNNING", found
            time.sleep(self.poll)

    def seconds(self, body: Body) -> float:
        """Return the duration of one search."""
        started = time.perf_counter()
        self.search(body)
        return time.perf_counter() - started

    def _exchange(self, method: str, target: str, body: Body | None = None) -> dict[str, str]:
        headers = self.credentials.headers(method, target, time.time_ns() // 1_000_000)
        self.connection.request(method, target, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status == http.client.OK, content
        return json.loads(content)["result"]


def concurrent_times(
    searchers: Sequence[Searcher], bodies: Sequence[Body], seconds: float
) -> tuple[list[float], float]:
    """Search with all clients concurrently until the time is over.

    Returns:
        the duration of each search, and that of all together, in seconds.
    """
    started = time.perf_counter()

    def ask(number: int) -> list[float]:
        times: list[float] = []
        while time.perf_counter() - started < seconds:
            times.append(searchers[number].seconds(bodies[(number + len(times) * len(searchers)) % len(bodies)]))
        return times

    with ThreadPoolExecutor(len(searchers)) as pool:
        times = [one for part in pool.map(ask, range(len(searchers))) for one in part]
    return times, time.perf_counter() - started
