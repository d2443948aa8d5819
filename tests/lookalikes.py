"""Persons with a given similarity of their faces."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenedex.engines.registry import EngineRegistry
from scenedex.pictures.records import PicturePurpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2
    from tests.conftest import Service, Site

DLIB = "dlib-resnet 3 dlib-resnet-v1"
OTHER = "yunet-sface 1 yunet-sface"
SIZE = 16
CURVE = EngineRegistry().face_calibration(DLIB).curve


def like(score: float, *, axis: int = 1, engine: str = DLIB) -> list[float]:
    """Return a face with this score beside `FRONT`. Faces of different axes are unlike each other."""
    similarity = EngineRegistry().face_calibration(engine).curve.similarity(score)
    vector = [0.0] * SIZE
    vector[0], vector[axis] = similarity, math.sqrt(1 - similarity**2)
    return vector


FRONT = [1.0] + [0.0] * (SIZE - 1)
UNLIKE = [0.0] * (SIZE - 1) + [1.0]


@dataclass(frozen=True)
class People:
    """Persons of a workspace, written as analyses write them."""

    site: Site

    @property
    def service(self) -> Service:
        return self.site.service

    @property
    def workspace(self) -> int:
        found = self.service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", self.site.name)
        return found[0][0]

    def add(self, *faces: Sequence[float], name: str | None = None, engine: str = DLIB) -> int:
        ((person,),) = self.service.rows(
            "INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)"
            " VALUES (%s, %s, 'maya', 'maya') RETURNING person_id",
            self.workspace,
            name,
        )
        self.learn(person, *faces, engine=engine)
        return person

    def learn(self, person: int, *faces: Sequence[float], engine: str = DLIB) -> None:
        self.service.rows(
            "INSERT INTO person_faces (person_id, workspace_id, engine, embedding, quality)"
            " SELECT %s, %s, %s, face::halfvec, 0.9 FROM unnest(%s::text[]) AS face",
            person,
            self.workspace,
            engine,
            [str(list(face)) for face in faces],
        )

    def add_all(self, groups: Sequence[Sequence[Sequence[float]]], engine: str) -> list[int]:
        persons = [
            row[0]
            for row in self.service.rows(
                "INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
                " SELECT %s, 'maya', 'maya' FROM generate_series(1, %s) RETURNING person_id",
                self.workspace,
                len(groups),
            )
        ]
        faces = [(person, str(face)) for person, group in zip(persons, groups, strict=True) for face in group]
        self.service.rows(
            "INSERT INTO person_faces (person_id, workspace_id, engine, embedding, quality)"
            " SELECT person, %s, %s, face::halfvec, 0.9 FROM unnest(%s::bigint[], %s::text[]) AS known (person, face)",
            self.workspace,
            engine,
            [person for person, _ in faces],
            [face for _, face in faces],
        )
        return persons

    def merge(self, into: int, *persons: int) -> None:
        for person in persons:
            self.service.rows("UPDATE persons SET merged_into = %s WHERE person_id = %s", into, person)
            self.service.rows("UPDATE persons SET root_id = %s WHERE root_id = %s", into, person)

    def delete(self, person: int) -> None:
        self.service.rows("UPDATE persons SET deleted_time = now() WHERE person_id = %s", person)

    def reject(self, one: int, other: int) -> None:
        self.service.rows("INSERT INTO person_rejections VALUES (%s, %s)", min(one, other), max(one, other))

    def thumbnail(self, person: int, key: str) -> None:
        self.service.rows(
            "WITH made AS (INSERT INTO person_thumbnails (person_id, folder, key) VALUES (%s, %s, %s)"
            " RETURNING thumbnail_id) UPDATE persons SET primary_thumbnail_id = (TABLE made) WHERE person_id = %s",
            person,
            key.rpartition("/")[0],
            key,
            person,
        )

    def picture(
        self,
        face: Sequence[float],
        *,
        state: str = "COMPLETED",
        purpose: PicturePurpose = PicturePurpose.PERSON_THUMBNAIL,
        life: str = "1 day",
        engine: str = DLIB,
    ) -> str:
        key = secrets.token_hex(16)
        self.service.rows(
            "WITH picture AS (INSERT INTO pictures"
            " (picture_key, workspace_id, user_name, purpose, file_name, state, object_key, expires_time)"
            " VALUES (%s, %s, %s, %s, 'face.jpg', %s, 'pictures/x/picture.jpg', now() + %s::interval))"
            " INSERT INTO faces_of_pictures VALUES (%s, %s, %s::halfvec, 0.9)",
            key,
            self.workspace if purpose is PicturePurpose.PERSON_THUMBNAIL else None,
            None if purpose is PicturePurpose.PERSON_THUMBNAIL else "alice",
            purpose.value,
            state,
            life,
            key,
            engine,
            str(list(face)),
        )
        return key

    def similar(self, person: int, query: str = "") -> httpx2.Response:
        return self.site.api("GET", f"{self.site.path}/persons/{person}/similar{query}")

    def found(self, person: int, query: str = "?personCount=10") -> list[dict[str, Any]]:
        answer = self.similar(person, query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"]["personId"] == person
        return answer.json()["result"]["similarPersons"]

    def ids(self, person: int, query: str = "?personCount=10") -> list[int]:
        return [found["personId"] for found in self.found(person, query)]

    def recommend(self, key: str, **more: object) -> httpx2.Response:
        body = {"thumbnailKey": key, **more}
        return self.site.api("POST", f"{self.site.path}/persons/recommend-by-thumbnail", body)
