"""Search for persons who look like a person of the workspace, or like one in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.calibration import MAX_SCORE, MIN_SCORE
from scenedex.persons import match_queries
from scenedex.persons.lookup import visible_person
from scenedex.persons.match_queries import FaceComparison
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.service import checked_picture
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scenedex.auth.caller import Caller
    from scenedex.calibration import Curve
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.match_queries import SimilarFace
    from scenedex.persons.records import PersonId
    from scenedex.pictures.records import PictureFace
    from scenedex.workspaces.records import WorkspaceId

_FACES_AT_ONCE = 200
_GROWTH = 16
_MAX_FACES_OF_SEARCH = 50


@dataclass(frozen=True, slots=True)
class MatchLimits:
    """Maximum number of persons, and the minimum score of each, see `Curve`."""

    max_persons: int
    min_score: int


@dataclass(frozen=True, slots=True)
class SimilarPerson:
    """A similar person.

    Attributes:
        person_id: the person.
        name: None if the person is anonymous.
        score: score of the most similar pair of faces.
        thumbnail_key: key of the primary thumbnail, if any.
    """

    person_id: PersonId
    name: str | None
    score: float
    thumbnail_key: str | None


class Matching:
    """Compares the faces in the database.

    ``curve_of`` returns the scores of an engine, by its identity.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, and `PersonNotFound` if the
    person that they name is not in it, or was deleted or merged into another.
    """

    def __init__(self, database: Database, curve_of: Callable[[str], Curve]) -> None:
        self._database = database
        self._curve_of = curve_of

    async def similar(
        self, caller: Caller, workspace_name: str, person_id: int, limits: MatchLimits
    ) -> tuple[PersonId, list[SimilarPerson]]:
        """Return a person's id, and similar persons of the workspace, best first, without rejected ones."""
        async with self._database.snapshot() as tx:
            workspace, person = await visible_person(tx, caller, workspace_name, person_id)
            faces = await match_queries.faces_of(tx, person)
            excluded = await match_queries.never_similar(tx, person)
            return person, await self._most_similar(tx, workspace, _by_engine(faces), limits, excluded)

    async def recommend(
        self, caller: Caller, workspace_name: str, thumbnail_key: str, limits: MatchLimits
    ) -> list[SimilarPerson]:
        """Return the persons of a workspace who look like the one in an uploaded picture, best first.

        Raises:
            InvalidRequest: there is no such picture, it cannot be used, or it has expired.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            picture = await checked_picture(
                tx, workspace, thumbnail_key, PicturePurpose.PERSON_THUMBNAIL, "thumbnailKey"
            )
            return await self._most_similar(tx, workspace, _by_engine(picture.faces), limits, [])

    async def _most_similar(
        self,
        tx: Transaction,
        workspace: WorkspaceId,
        faces: Mapping[str, Sequence[str]],
        limits: MatchLimits,
        excluded: Sequence[int],
    ) -> list[SimilarPerson]:
        """Return the persons with the best scores by any engine. Equal scores are ordered by id."""
        best: dict[PersonId, SimilarPerson] = {}
        for engine, embeddings in faces.items():
            curve = self._curve_of(engine)
            comparison = FaceComparison(workspace, engine, embeddings, curve.similarity(limits.min_score), excluded)
            for face in await _similar_faces(tx, comparison, limits.max_persons):
                found = SimilarPerson(face.person_id, face.name, curve.score(face.similarity), face.thumbnail_key)
                if found.person_id not in best or best[found.person_id].score < found.score:
                    best[found.person_id] = found
        return sorted(best.values(), key=lambda found: (-found.score, found.person_id))[: limits.max_persons]


async def persons_like(
    tx: Transaction, workspace_id: int, faces: Sequence[PictureFace], curve_of: Callable[[str], Curve]
) -> dict[int, float]:
    """Return the persons of a workspace who look like one in a picture, with scores from 0 to 1."""
    scores: dict[int, float] = {}
    for face in faces:
        curve = curve_of(face.engine)
        comparison = FaceComparison(workspace_id, face.engine, [face.embedding], curve.similarity(MIN_SCORE))
        for one in await match_queries.most_similar(tx, comparison, _MAX_FACES_OF_SEARCH):
            score = curve.score(one.similarity) / MAX_SCORE
            scores[one.person_id] = max(score, scores.get(one.person_id, 0.0))
    return scores


def _by_engine(faces: Iterable[match_queries.StoredFace | PictureFace]) -> Mapping[str, list[str]]:
    """Return the vectors of faces by the engine that made them."""
    found: dict[str, list[str]] = {}
    for face in faces:
        found.setdefault(face.engine, []).append(face.embedding)
    return found


async def _similar_faces(tx: Transaction, comparison: FaceComparison, min_persons: int) -> list[SimilarFace]:
    """Return the most similar faces, of at least so many persons unless there are fewer."""
    limit = _FACES_AT_ONCE
    while True:
        faces = await match_queries.most_similar(tx, comparison, limit)
        if len(faces) < limit or len({face.person_id for face in faces}) >= min_persons:
            return faces
        limit *= _GROWTH
