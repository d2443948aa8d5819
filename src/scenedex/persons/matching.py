"""Who looks like somebody: like a person of the workspace, or like a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.persons import match_queries
from scenedex.persons.lookup import visible_person
from scenedex.persons.match_queries import Look
from scenedex.persons.scoring import curve_of
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.service import checked_picture
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.match_queries import AlikeFace
    from scenedex.persons.records import PersonId
    from scenedex.workspaces.records import WorkspaceId

_FACES_AT_ONCE = 200
_TIMES_MORE = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many persons are wanted at most, and the least score of each; see `scoring`."""

    count: int
    least_score: int


@dataclass(frozen=True, slots=True)
class SimilarPerson:
    """A person who looks like somebody.

    Attributes:
        person_id: who.
        name: None where the person is anonymous.
        score: of the most alike pair of faces, at least the least that was wanted.
        thumbnail_key: where the primary thumbnail is; None where there is none.
    """

    person_id: PersonId
    name: str | None
    score: float
    thumbnail_key: str | None


class Matching:
    """Compares the faces in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def similar(
        self, caller: Caller, workspace_name: str, person_id: int, wanted: Wanted
    ) -> tuple[PersonId, list[SimilarPerson]]:
        """A person's id, and the others of the workspace who look like it, best first.

        Nobody of whom it was said that they are not this person is among them.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: there is no such person in it, or it was deleted or merged into another.
        """
        async with self._database.snapshot() as tx:
            workspace, person = await visible_person(tx, caller, workspace_name, person_id)
            faces = await match_queries.faces_of(tx, person)
            without = await match_queries.never_alike(tx, person)
            by_engine = _by_engine((face.engine, face.embedding) for face in faces)
            return person, await _most_alike(tx, workspace, by_engine, wanted, without)

    async def recommend(
        self, caller: Caller, workspace_name: str, thumbnail_key: str, wanted: Wanted
    ) -> list[SimilarPerson]:
        """The persons of a workspace who look like the one in an uploaded picture, best first.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            InvalidRequest: there is no such picture, it is of no use, or its time is over.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            picture = await checked_picture(
                tx, workspace, thumbnail_key, PicturePurpose.PERSON_THUMBNAIL, "thumbnailKey"
            )
            by_engine = _by_engine((face.engine, face.embedding) for face in picture.faces)
            return await _most_alike(tx, workspace, by_engine, wanted, [])


def _by_engine(faces: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Vectors by the engine that made them."""
    found: dict[str, list[str]] = {}
    for engine, embedding in faces:
        found.setdefault(engine, []).append(embedding)
    return found


async def _most_alike(
    tx: Transaction,
    workspace: WorkspaceId,
    faces: Mapping[str, Sequence[str]],
    wanted: Wanted,
    without: Sequence[int],
) -> list[SimilarPerson]:
    """The persons with the best scores, of whichever engine; those who are equal in it, by id."""
    best: dict[PersonId, SimilarPerson] = {}
    for engine, embeddings in faces.items():
        curve = curve_of(engine)
        look = Look(workspace, engine, embeddings, curve.similarity(wanted.least_score), without)
        for face in await _faces_alike(tx, look, wanted.count):
            found = SimilarPerson(face.person_id, face.name, curve.score(face.similarity), face.thumbnail_key)
            if found.person_id not in best or best[found.person_id].score < found.score:
                best[found.person_id] = found
    return sorted(best.values(), key=lambda found: (-found.score, found.person_id))[: wanted.count]


async def _faces_alike(tx: Transaction, look: Look, persons: int) -> list[AlikeFace]:
    """The most alike faces: those of so many persons at least, unless there are fewer."""
    most = _FACES_AT_ONCE
    while True:
        faces = await match_queries.most_alike(tx, look, most)
        if len(faces) < most or len({face.person_id for face in faces}) >= persons:
            return faces
        most *= _TIMES_MORE
