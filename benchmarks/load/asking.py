"""Clients that ask for one thing after another, as people and programs of an archive do."""

from __future__ import annotations

import http.client
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.api.running import HOST, Key

from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

POLL_S = 0.05
SECONDS_TO_WAIT_FOR_HITS = 60
# Of a hundred calls.
SHARES = {"list": 25, "get": 30, "import status": 25, "index": 10, "search": 5, "import": 5}
WORDS = ("sentence for people", "water and land", "mountain river council", "children of the village", "강 마을")


@dataclass(frozen=True, slots=True)
class Place:
    """Subject of the requests.

    Attributes:
        port: port of the server, on this machine.
        workspace: name of the workspace.
        project_ids: projects of many assets.
        asset_ids: first and last id of their assets, which belong to the projects in turns.
        indexed: a project and some of its assets that have an index.
        searched: a project whose scenes are searched.
        bucket_name: a bucket with the objects ``photo-0.png`` and so on.
        objects: number of these objects.
    """

    port: int
    workspace: str
    project_ids: tuple[int, ...]
    asset_ids: tuple[int, int]
    indexed: tuple[int, tuple[int, ...]]
    searched: int
    bucket_name: str
    objects: int

    @property
    def path(self) -> str:
        """The path of the workspace."""
        return f"/api/v1/workspaces/{self.workspace}"


@dataclass(slots=True)
class Answered:
    """Calls of clients: the kind, the seconds until the answer, and the status, 0 without an answer."""

    calls: list[tuple[str, float, int]] = field(default_factory=list[tuple[str, float, int]])


class Person:
    """One client with one connection, which is opened again where it broke."""

    def __init__(self, place: Place, key: Key, seed: int) -> None:
        self._place = place
        self._credentials = Credentials(key.access_key, key.secret_key)
        self._random = random.Random(seed)  # noqa: S311  # what is asked for next is no secret
        self._connection = http.client.HTTPConnection(HOST, place.port, timeout=60)

    def open_upload(self, number: int) -> int:
        """Request an upload. Return the status of the answer."""
        body: dict[str, object] = {"assetFileName": f"clip-{number}.mp4"}
        path = f"{self._place.path}/projects/{self._place.project_ids[0]}/assets/uploads/presigned-url"
        return self._call("POST", path, body)[0]

    def ask(self, until: float) -> Answered:
        """Ask until that time of the monotonic clock."""
        answered, kinds, weights = Answered(), list(SHARES), list(SHARES.values())
        while time.monotonic() < until:
            (kind,) = self._random.choices(kinds, weights)
            begun = time.perf_counter()
            status = self._do(kind)
            answered.calls.append((kind, time.perf_counter() - begun, status))
        return answered

    def _do(self, kind: str) -> int:
        place, number = self._place, self._random.randint(*self._place.asset_ids)
        project = place.project_ids[(number - place.asset_ids[0]) % len(place.project_ids)]
        assets = f"{place.path}/projects/{project}/assets"
        match kind:
            case "list":
                return self._call("GET", f"{assets}?pageNum={self._random.randint(1, 900)}&pageSize=100")[0]
            case "get":
                return self._call("GET", f"{assets}/{number}")[0]
            case "import status":
                return self._call("GET", f"{assets}/{number}/import-status")[0]
            case "index":
                indexed, ids = place.indexed
                return self._call("GET", f"{place.path}/projects/{indexed}/assets/{self._random.choice(ids)}/index")[0]
            case "import":
                key = f"photo-{self._random.randrange(place.objects)}.png"
                body = {"key": key, "bucketName": place.bucket_name}
                return self._call("POST", f"{assets}/import/object-storage", body)[0]
            case _:
                return self._search()

    def _search(self) -> int:
        searches = f"{self._place.path}/assets/search"
        body = {"query": {"textQuery": self._random.choice(WORDS)}, "filter": {"projectIds": [self._place.searched]}}
        status, found = self._call("POST", searches, body)
        if status != http.client.OK:
            return status
        deadline = time.monotonic() + SECONDS_TO_WAIT_FOR_HITS
        while time.monotonic() < deadline:
            status, hits = self._call("GET", f"{searches}/{found['searchId']}?pageSize=10")
            if status != http.client.OK or hits["status"] == "COMPLETED":
                return status
            time.sleep(POLL_S)
        return 0

    def _call(self, method: str, target: str, body: Mapping[str, object] | None = None) -> tuple[int, dict[str, str]]:
        headers = self._credentials.headers(method, target, time.time_ns() // 1_000_000)
        try:
            self._connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, {}
        return answer.status, json.loads(content).get("result", {}) if content else {}


def ask_in_threads(place: Place, key: Key, clients: int, seconds: float, seed: int) -> Answered:
    """Send requests with several clients of one process for this time, and return their calls."""
    people = [Person(place, key, seed + number) for number in range(clients)]
    until = time.monotonic() + seconds

    def ask(person: Person) -> Answered:
        return person.ask(until)

    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(ask, people))
    return Answered([call for part in parts for call in part.calls])
