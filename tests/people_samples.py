"""Persons and their appearances in assets, as an analysis stores them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, LiteralString

import numpy as np

from scenedex.calibration import DEFAULT_FACES
from scenedex.index.records import IndexedAppearance, IndexedPerson
from scenedex.index.service import publish
from scenedex.persons.identification import identify
from scenedex.persons.records import IdentificationScope, PersonCandidate, ThumbnailLocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2
    from tests.conftest import Folder, Item, Site

    from scenedex.db.database import Transaction
    from scenedex.persons.records import Identity

# Far from the ids of real analyses.
_INDEX_IDS = itertools.count(10**9)
_FOLDERS = itertools.count(1)
SCENE_MS = 1000
ENGINE = "engine weights"


@dataclass(frozen=True, slots=True)
class Seen:
    """Face in a scene for 200 ms, from a time within the scene on."""

    face: int
    scene_id: int = 1
    offset_ms: int = 0

    @property
    def span(self) -> tuple[int, int]:
        start_ms = (self.scene_id - 1) * SCENE_MS + self.offset_ms
        return start_ms, start_ms + 200


@dataclass(frozen=True, slots=True)
class Cast:
    """Persons of a workspace. A face is a number, and different numbers are different persons."""

    site: Site
    workspace_id: int

    @classmethod
    def of(cls, site: Site) -> Cast:
        """Return the cast of that workspace."""
        found = site.service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)
        return cls(site, found[0][0])

    def rows(self, statement: LiteralString, *params: object) -> list[tuple[Any, ...]]:
        """Run a statement over a connection of the service and return its rows."""

        def row(*columns: object) -> tuple[Any, ...]:
            return columns

        return self.site.service.transact(lambda tx: tx.all(row, statement, *params))

    def analyse(self, item: Item, *seen: Seen) -> list[int]:
        """Publish an index with these faces and return the ids of their persons, in order."""
        spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for one in seen:
            spans[one.face].append(one.span)
        candidates = [_candidate(face, found) for face, found in spans.items()]
        scope = IdentificationScope(self.workspace_id, ENGINE, DEFAULT_FACES, 10, None, item.asset_id, "alice")

        async def work(tx: Transaction) -> list[Identity | None]:
            found = dict(zip(spans, await identify(tx, scope, candidates), strict=True))
            index = item.made_index(next(_INDEX_IDS), scenes=max((one.scene_id for one in seen), default=1))
            scenes = tuple(
                replace(scene, persons=tuple(_persons(scene.scene_id, seen, found))) for scene in index.scenes
            )
            await publish(tx, replace(index, scenes=scenes))
            return [found[one.face] for one in seen]

        return [0 if one is None else one.person_id for one in self.site.service.transact(work)]

    def film(self, *seen: Seen, folder: Folder | None = None) -> tuple[Item, list[int]]:
        """Publish an asset with these faces and return it with the ids of their persons."""
        item = (folder or self.site.base).register()
        return item, self.analyse(item, *seen)

    def call(self, method: str, person_id: int | str, below: str = "", body: object = None) -> Any:
        """A call on a person."""
        return self.site.api(method, f"{self.site.path}/persons/{person_id}{below}", body)

    def done(self, method: str, person_id: int, below: str = "", body: object = None) -> Any:
        """Make a call on a person that succeeds and return its result."""
        answer = self.call(method, person_id, below, body)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def name(self, person_id: int, name: str) -> None:
        """Give a person a name."""
        self.done("PATCH", person_id, body={"name": name})

    def shown(self, person_id: int) -> dict[str, Any]:
        """Return a person as the API shows it, without `updatedTime` and the URLs."""
        person = self.done("GET", person_id)
        del person["updatedTime"]
        person["thumbnails"] = [(one["id"], one["isPrimaryThumbnail"]) for one in person["thumbnails"]]
        return person

    def tag(self, person_id: int, name: str) -> None:
        """Put a tag on a person."""
        self.site.service.rows(
            "WITH tag AS (INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)"
            " VALUES (%s, %s, 'alice', 'alice') ON CONFLICT (workspace_id, name) DO UPDATE SET name = excluded.name"
            " RETURNING tag_id) INSERT INTO tags_of_persons SELECT %s, tag_id FROM tag",
            self.workspace_id,
            name,
            person_id,
        )

    def seen_in(self, item: Item) -> list[tuple[int, int, int]]:
        """Return scene, start and person of each appearance in the index of an asset, by time."""
        return self.rows(
            "SELECT seen.scene_id, seen.start_ms, p.root_id FROM appearances seen JOIN indexes USING (index_id)"
            " JOIN persons p USING (person_id) WHERE asset_id = %s ORDER BY 2, 1, 3",
            item.asset_id,
        )

    def counts(self) -> tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]:
        """Return the stored and the recomputed numbers of assets and scenes of each person in an index."""
        written = self.rows(
            "SELECT person_id, asset_count, scene_count FROM persons"
            " WHERE workspace_id = %s AND (asset_count, scene_count) <> (0, 0)",
            self.workspace_id,
        )
        counted = self.rows(
            "SELECT p.root_id, count(DISTINCT seen.index_id), count(DISTINCT (seen.index_id, seen.scene_id))"
            " FROM appearances seen JOIN persons p USING (person_id) WHERE p.workspace_id = %s GROUP BY 1",
            self.workspace_id,
        )
        return {row[0]: row[1:] for row in written}, {row[0]: row[1:] for row in counted}


def _candidate(face: int, spans: Sequence[tuple[int, int]]) -> PersonCandidate:
    vector = np.zeros(16, np.float32)
    vector[face] = 1
    folder = f"persons/samples/{next(_FOLDERS)}"
    place = ThumbnailLocation(folder, f"{folder}/face.jpg")
    return PersonCandidate(vector[np.newaxis], 0.8, True, place, tuple(sorted(spans)), (spans[0],))  # presentable


def _persons(scene_id: int, seen: Sequence[Seen], found: dict[int, Identity | None]) -> list[IndexedPerson]:
    spans: defaultdict[int, list[IndexedAppearance]] = defaultdict(list)
    for one in seen:
        identity = found[one.face]
        if one.scene_id == scene_id and identity is not None:
            spans[identity.origin_id].append(IndexedAppearance(*one.span, 0.9))
    return [
        IndexedPerson(person_id, tuple(sorted(times, key=lambda one: one.start_ms)))
        for person_id, times in spans.items()
    ]


def refused(answer: httpx2.Response) -> tuple[int, str, str]:
    """Return status, code and the first invalid field."""
    body = answer.json()
    return answer.status_code, body["code"], body["responseError"]["details"][0]["field"]


def events(cast: Cast, person_id: int) -> list[tuple[str, int, int | None]]:
    """Return type, person and other person of each event in a person's history, newest first."""
    page = cast.done("GET", person_id, "/history?pageNum=1&pageSize=50")
    return [(event["type"], event["personId"], event.get("otherPersonId")) for event in page["content"]]
