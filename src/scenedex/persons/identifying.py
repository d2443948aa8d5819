"""Whose faces these are: persons found again, persons met for the first time, and faces that stay nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons import queries
from scenedex.persons.history import EventDetails, EventType, note
from scenedex.persons.records import Identity
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import Candidate, Looking, PersonId

MOST_FACES = 10
"""Faces that a person is known by; further ones of other assets are not learned."""


async def known(tx: Transaction, looking: Looking, candidate: Candidate) -> Identity | None:
    """The person of the workspace that a candidate is, by the most similar pair of faces; None: nobody known.

    Who looks like somebody of whom people said, of this very place, that it is not that person, is whom they named.
    """
    faces = await queries.nearest(tx, looking, candidate), await queries.corrected(tx, looking, candidate)
    alike = [face for face in faces if face is not None and face.similarity >= looking.same_person]
    return max(alike, key=lambda face: face.similarity).identity if alike else None


async def is_unpictured_yet(tx: Transaction, looking: Looking, candidate: Candidate) -> bool:
    """Whether a candidate is somebody nobody knows, or of whom there is no picture."""
    identity = await known(tx, looking, candidate)
    return identity is None or not await queries.is_pictured(tx, identity.person_id)


async def identify(tx: Transaction, looking: Looking, candidates: Sequence[Candidate]) -> Sequence[Identity | None]:
    """Who each of the candidates is, most prominent first; None for those who are nobody or one too many.

    Who is not known is registered as an anonymous person, if the faces may define one and no tags were asked for. One
    person may be several candidates. Runs in the transaction that publishes, so that nobody is registered for an index
    that never comes, and no two analyses register one person twice.
    """
    await lock_persons(tx, looking.workspace_id)
    found: list[Identity | None] = []
    for candidate in candidates:
        identity = await known(tx, looking, candidate)
        persons = {who.person_id for who in found if who is not None}
        if (identity is None or identity.person_id not in persons) and len(persons) >= looking.most_persons:
            found.append(None)
            continue
        if identity is None and looking.tag_ids is None and candidate.is_presentable and len(candidate.embeddings) > 0:
            person = await _register(tx, looking, candidate)
            identity = Identity(person, person)
        elif identity is not None and candidate.is_presentable:
            await _learn(tx, looking, identity, candidate)
        found.append(identity)
    return found


async def _register(tx: Transaction, looking: Looking, candidate: Candidate) -> PersonId:
    person = await queries.insert_person(tx, looking.workspace_id, looking.user_name)
    await queries.insert_faces(tx, looking, person, candidate)
    await queries.insert_thumbnail(tx, looking, person, candidate)
    details = EventDetails(asset_id=looking.asset_id)
    await note(tx, person, EventType.REGISTERED, looking.user_name, details=details)
    return person


async def _learn(tx: Transaction, looking: Looking, identity: Identity, candidate: Candidate) -> None:
    """Faces of another asset make a person easier to find; those of this one are known from its former analysis.

    Somebody who was taken from another person has no picture until then.
    """
    if candidate.thumbnail is not None and not await queries.is_pictured(tx, identity.person_id):
        await queries.insert_thumbnail(tx, looking, identity.origin_id, candidate)
    faces = await queries.faces_from_elsewhere(tx, identity.person_id, looking.asset_id)
    if faces is not None and faces + len(candidate.embeddings) <= MOST_FACES:
        await queries.insert_faces(tx, looking, identity.origin_id, candidate)
