"""Appearances of a person that are moved to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons import appearance_queries, identity_queries
from scenedex.persons.counting import recount
from scenedex.persons.errors import SeenThereAlready
from scenedex.persons.events import EventDetails, EventType
from scenedex.persons.history import note
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.persons.records import ChosenAppearance, PersonId


async def require_seen(tx: Transaction, person: PersonId, chosen: Sequence[ChosenAppearance]) -> None:
    """Check that a person is seen at all of these places.

    Raises:
        InvalidRequest: the person is not seen at one of them.
    """
    wrong = await appearance_queries.first_not_seen(tx, person, chosen)
    if wrong is not None:
        raise InvalidRequest(FieldProblem(f"appearances[{wrong}]", f"person {person} is not seen there"))


async def move_appearances(
    tx: Transaction,
    source: PersonId,
    target: PersonId,
    chosen: Sequence[ChosenAppearance],
    user_name: str,
    *,
    kind: EventType = EventType.MOVED,
) -> tuple[int, datetime]:
    """Move appearances of a person at these places to another one. Return their number and the time.

    Faces and thumbnails from these places are moved as well, the places are never matched with the source again, both
    persons are recounted, and both histories get an event. The caller holds the lock of `lock_persons`.

    Raises:
        SeenThereAlready: the target is seen at the same time as the source, so that they could not be separated again.
    """
    count = await reassign_appearances(tx, source, target, chosen, user_name, kind)
    if count:
        await recount(tx, [source, target])
    return count, await identity_queries.touch(tx, [source, target], user_name)


async def reassign_appearances(
    tx: Transaction,
    source: PersonId,
    target: PersonId,
    chosen: Sequence[ChosenAppearance],
    user_name: str,
    kind: EventType,
) -> int:
    """Move appearances without the recount and the time of the last change, which are left to the caller.

    Raises:
        SeenThereAlready: the target is seen at the same time as the source.
    """
    if await appearance_queries.is_seen_beside(tx, source, target, chosen):
        raise SeenThereAlready
    moved = await appearance_queries.move_appearances(tx, source, target, chosen)
    if not moved:
        return 0
    await appearance_queries.move_faces(tx, source, target, moved)
    await appearance_queries.move_thumbnails(tx, source, target, moved)
    await identity_queries.restore_primary_thumbnails(tx, [source, target])
    await appearance_queries.reject_appearances(tx, source, target, moved)
    assets = sorted({one.asset_id for one in moved})
    details = EventDetails(
        asset_id=assets[0] if len(assets) == 1 else None, asset_count=len(assets), appearance_count=len(moved)
    )
    await note(tx, source, kind, user_name, other=target, details=details)
    await note(tx, target, kind, user_name, other=source, details=details)
    return len(moved)
