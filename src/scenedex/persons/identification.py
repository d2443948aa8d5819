"""Identification of the faces in an asset: known persons, and new anonymous ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons import identity_queries, queries
from scenedex.persons.events import EventDetails, EventType
from scenedex.persons.history import note
from scenedex.persons.records import Identity, PersonId
from scenedex.persons.suggestions import suggest
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import IdentificationScope, PersonCandidate, RejectedTime, SimilarIdentity

MAX_FACES = 10
"""Maximum number of faces of a person. Faces of further assets are not added."""


async def known(tx: Transaction, scope: IdentificationScope, candidate: PersonCandidate) -> Identity | None:
    """Return the person that a candidate certainly is, or `None`. See `IdentityBounds`.

    A candidate that resembles a person rejected at this place is the person that users named instead.
    """
    return await _recognised(tx, scope, candidate, await queries.most_similar(tx, scope, candidate))


async def _recognised(
    tx: Transaction, scope: IdentificationScope, candidate: PersonCandidate, similar: Sequence[SimilarIdentity]
) -> Identity | None:
    bounds = scope.calibration.bounds
    first = similar[0] if similar else None
    if first is not None and not bounds.are_met(first.similarity, similar[1].similarity if len(similar) > 1 else None):
        first = None
    corrected = await queries.corrected(tx, scope, candidate)
    if corrected is None or corrected.similarity < bounds.likely:
        return None if first is None else first.identity
    return max((corrected, first or corrected), key=lambda one: one.similarity).identity


async def needs_thumbnail(tx: Transaction, scope: IdentificationScope, candidate: PersonCandidate) -> bool:
    """Return whether a candidate is unknown or a person without a thumbnail."""
    identity = await known(tx, scope, candidate)
    return identity is None or not await queries.has_primary_thumbnail(tx, identity.person_id)


async def identify(
    tx: Transaction, scope: IdentificationScope, candidates: Sequence[PersonCandidate]
) -> Sequence[Identity | None]:
    """Identify the candidates, most prominent first. `None` for unidentified ones, and beyond ``max_persons``.

    An unknown candidate is registered as an anonymous person if its faces are good enough and no tags are requested. If
    it may be a known person of another asset, that is suggested to users.
    Several candidates may be one person. Call it in the transaction that publishes the index, so that no one is
    registered for an index that is never published, and no person is registered by two analyses.
    """
    await lock_persons(tx, scope.workspace_id)
    found: list[Identity | None] = []
    for candidate in candidates:
        similar = await queries.most_similar(tx, scope, candidate)
        identity = await _recognised(tx, scope, candidate, similar)
        persons = {one.person_id for one in found if one is not None}
        if (identity is None or identity.person_id not in persons) and len(persons) >= scope.max_persons:
            found.append(None)
            continue
        if identity is None and scope.tag_ids is None and candidate.is_presentable and len(candidate.embeddings) > 0:
            person = await _register(tx, scope, candidate)
            identity = Identity(person, person)
            await suggest(tx, scope, person, [one for one in similar if one.identity.person_id not in persons])
        elif identity is not None and candidate.is_presentable:
            await _learn(tx, scope, identity, candidate)
        found.append(identity)
    return found


async def find_or_register(tx: Transaction, workspace_id: int, name: str, user_name: str, asset_id: int) -> PersonId:
    """Return the person of that name, or register one who is seen in the asset."""
    existing = await identity_queries.find_named(tx, workspace_id, name)
    if existing is not None:
        return PersonId(existing)
    person = await queries.insert_person(tx, workspace_id, user_name, name)
    await note(tx, person, EventType.REGISTERED, user_name, details=EventDetails(name=name, asset_id=asset_id))
    return person


async def rejected_times(tx: Transaction, asset_id: int) -> list[RejectedTime]:
    """Return the times in an asset at which a face is not that of a person, by the persons' current identities."""
    return await queries.rejected_times(tx, asset_id)


async def thumbnail_folders(tx: Transaction, folders: Sequence[str]) -> list[str]:
    """Return those of these folders that hold a thumbnail."""
    return await queries.thumbnail_folders(tx, folders)


async def _register(tx: Transaction, scope: IdentificationScope, candidate: PersonCandidate) -> PersonId:
    person = await queries.insert_person(tx, scope.workspace_id, scope.user_name)
    await queries.insert_faces(tx, scope, person, candidate)
    await queries.insert_thumbnail(tx, scope, person, candidate)
    details = EventDetails(asset_id=scope.asset_id)
    await note(tx, person, EventType.REGISTERED, scope.user_name, details=details)
    return person


async def _learn(tx: Transaction, scope: IdentificationScope, identity: Identity, candidate: PersonCandidate) -> None:
    """Add faces of a new asset, so that the person is easier to find. Faces of this asset are known already.

    A person that was split off another one gets its first thumbnail here.
    """
    if candidate.thumbnail is not None and not await queries.has_primary_thumbnail(tx, identity.person_id):
        await queries.insert_thumbnail(tx, scope, identity.origin_id, candidate)
    faces = await queries.count_faces_from_elsewhere(tx, identity.person_id, scope.asset_id)
    if faces is not None and faces + len(candidate.embeddings) <= MAX_FACES:
        await queries.insert_faces(tx, scope, identity.origin_id, candidate)
