"""The statements that say who is who: merges and their undoing, appearances that were somebody else's, rejections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.identities import AbsorbedPerson, MergedPerson, MovedAppearance

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.persons.records import ChosenAppearance, PersonId

_CHOSEN = (
    "unnest(%s::bigint[], %s::integer[], %s::bigint[]) WITH ORDINALITY AS chosen (asset_id, scene_id, start_ms, number)"
)
_SEEN = (
    "indexes i JOIN appearances seen USING (index_id) JOIN persons origin ON origin.person_id = seen.person_id"
    " WHERE i.asset_id = chosen.asset_id AND origin.root_id = %s"
    " AND seen.scene_id = coalesce(chosen.scene_id, seen.scene_id)"
    " AND seen.start_ms = coalesce(chosen.start_ms, seen.start_ms)"
)
_MOVED = "unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS moved (asset_id, start_ms, end_ms)"
# Ends are exclusive, but that of an image is its start.
_OVERLAP = (
    "seen.asset_id = moved.asset_id AND (seen.start_ms = moved.start_ms"
    " OR seen.start_ms < moved.end_ms AND moved.start_ms < seen.end_ms)"
)
_SUBTREE = "SELECT person_id FROM persons WHERE root_id = %s"


async def roots_of(tx: Transaction, workspace_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """Who each of these persons of the workspace is today, but for those whom there are not, or who were deleted."""

    def pair(person_id: int, root_id: int) -> tuple[int, int]:
        return person_id, root_id

    return dict(
        await tx.all(
            pair,
            "SELECT p.person_id, p.root_id FROM persons p JOIN persons root ON root.person_id = p.root_id"
            " WHERE p.person_id = ANY(%s) AND p.workspace_id = %s AND root.deleted_time IS NULL",
            list(person_ids),
            workspace_id,
        )
    )


async def hold_assets(tx: Transaction, workspace_name: str, assets: Collection[int]) -> None:
    """Keep these assets of the workspace until the end of the transaction, with all that they are in.

    Who removes any of it locks it first and persons then; so does who speaks of assets when changing who is who.
    """
    await tx.run(
        "SELECT FROM workspaces w JOIN projects p USING (workspace_id) JOIN assets a USING (project_id)"
        " WHERE w.workspace_name = %s AND a.asset_id = ANY(%s) ORDER BY a.asset_id FOR KEY SHARE OF w, p, a",
        workspace_name,
        list(assets),
    )


async def touch(tx: Transaction, persons: Sequence[PersonId], user_name: str) -> datetime:
    """Note who changed these persons; when that is."""
    await tx.run(
        "UPDATE persons SET updated_user_name = %s, updated_time = now() WHERE person_id = ANY(%s)",
        user_name,
        list(persons),
    )
    return await tx.value("SELECT now()")


async def name_of(tx: Transaction, person: PersonId) -> str | None:
    """The name of a person; None: anonymous."""
    return await tx.value("SELECT name FROM persons WHERE person_id = %s", person)


async def to_absorb(tx: Transaction, persons: Sequence[PersonId]) -> list[AbsorbedPerson]:
    """What these persons bring along, in the order of their ids."""
    return await tx.all(
        AbsorbedPerson,
        "SELECT person_id, name, asset_count, (SELECT count(*) FROM person_thumbnails t"
        " JOIN persons bearer USING (person_id) WHERE bearer.root_id = p.person_id)"
        " FROM persons p WHERE person_id = ANY(%s) ORDER BY person_id",
        list(persons),
    )


async def count_assets(tx: Transaction, persons: Sequence[PersonId]) -> int:
    """In how many assets at least one of these persons is seen."""
    return await tx.value(
        "SELECT count(DISTINCT index_id) FROM persons_of_indexes WHERE person_id = ANY(%s)", list(persons)
    )


async def merge(tx: Transaction, representative: PersonId, persons: Sequence[PersonId]) -> None:
    """Let these persons, with all who were merged into them, be the representative.

    Where that one has no primary thumbnail, it takes over the first that they have.
    """
    await tx.run(
        "UPDATE persons SET primary_thumbnail_id = ("
        "SELECT primary_thumbnail_id FROM persons WHERE person_id = ANY(%s) AND primary_thumbnail_id IS NOT NULL"
        " ORDER BY array_position(%s::bigint[], person_id) LIMIT 1)"
        " WHERE person_id = %s AND primary_thumbnail_id IS NULL",
        list(persons),
        list(persons),
        representative,
    )
    await tx.run(
        "UPDATE persons SET root_id = %s, merged_into = CASE WHEN person_id = ANY(%s) THEN %s ELSE merged_into END"
        " WHERE root_id = ANY(%s)",
        representative,
        list(persons),
        representative,
        list(persons),
    )


async def merged_person(tx: Transaction, workspace_id: int, person_id: int) -> MergedPerson | None:
    """A person of the workspace, whether it was merged into another or not."""
    return await tx.one(
        MergedPerson,
        "SELECT person_id, root_id, name FROM persons WHERE person_id = %s AND workspace_id = %s",
        person_id,
        workspace_id,
    )


async def find_named(tx: Transaction, workspace_id: int, name: str) -> int | None:
    """The existing person of the workspace with that name."""
    return await tx.value(
        "SELECT person_id FROM persons"
        " WHERE workspace_id = %s AND name = %s AND merged_into IS NULL AND deleted_time IS NULL",
        workspace_id,
        name,
    )


async def detach(tx: Transaction, person: PersonId) -> None:
    """Undo the merge of this person, with all who had been merged into it."""
    await tx.run(
        "WITH RECURSIVE below (person_id) AS (SELECT %s::bigint"
        " UNION ALL SELECT p.person_id FROM persons p JOIN below ON p.merged_into = below.person_id)"
        " UPDATE persons p SET root_id = %s, merged_into = CASE WHEN p.person_id = %s THEN NULL ELSE merged_into END"
        " FROM below WHERE p.person_id = below.person_id",
        person,
        person,
        person,
    )


async def mend_primary_thumbnails(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Make the oldest thumbnail of each of these persons its primary one, where the primary is not its own."""
    own = "FROM person_thumbnails t JOIN persons bearer USING (person_id) WHERE bearer.root_id = p.person_id"
    await tx.run(
        f"UPDATE persons p SET primary_thumbnail_id = (SELECT min(t.thumbnail_id) {own}) WHERE person_id = ANY(%s)"
        f" AND NOT EXISTS (SELECT {own} AND t.thumbnail_id = p.primary_thumbnail_id)",
        list(persons),
    )


async def count_appearances(tx: Transaction, person: PersonId) -> int:
    """How often a person is seen, in all indexes together."""
    return await tx.value(f"SELECT count(*) FROM appearances WHERE person_id IN ({_SUBTREE})", person)


async def reject_persons(tx: Transaction, person: PersonId, others: Sequence[PersonId]) -> None:
    """Never again take the person for one of the others."""
    await tx.run(
        "INSERT INTO person_rejections (person_id, other_id)"
        " SELECT least(%s, other_id), greatest(%s, other_id) FROM unnest(%s::bigint[]) AS others (other_id)"
        " ON CONFLICT DO NOTHING",
        person,
        person,
        list(others),
    )


async def first_not_seen(tx: Transaction, person: PersonId, chosen: Sequence[ChosenAppearance]) -> int | None:
    """The first of these places, from 0, at which the person is not seen; None: it is seen at all of them."""
    return await tx.value(
        f"SELECT number::integer - 1 FROM {_CHOSEN} WHERE NOT EXISTS (SELECT FROM {_SEEN}) ORDER BY number LIMIT 1",
        *_places(chosen),
        person,
    )


async def give_appearances(
    tx: Transaction, source: PersonId, target: PersonId, chosen: Sequence[ChosenAppearance]
) -> list[MovedAppearance]:
    """Let what is seen of a person at these places be the target's; what has been moved."""
    return await tx.all(
        MovedAppearance,
        "WITH wanted AS ("
        f"SELECT DISTINCT seen.ctid AS place, i.asset_id, seen.person_id AS origin_id FROM {_CHOSEN}, {_SEEN})"
        " UPDATE appearances seen SET person_id = %s FROM wanted WHERE seen.ctid = wanted.place"
        " RETURNING wanted.asset_id, seen.start_ms, seen.end_ms, wanted.origin_id",
        *_places(chosen),
        source,
        target,
    )


async def give_faces(tx: Transaction, source: PersonId, target: PersonId, moved: Sequence[MovedAppearance]) -> None:
    """Let the faces that a person is known by from these places be the target's.

    So are faces of an asset whose time nobody noted, where the person is not seen in it any more.
    """
    await tx.run(
        f"UPDATE person_faces seen SET person_id = %s FROM {_MOVED}"
        f" WHERE seen.person_id IN ({_SUBTREE}) AND (seen.asset_id = moved.asset_id AND seen.start_ms IS NULL"
        f" AND NOT EXISTS (SELECT FROM indexes i JOIN appearances a USING (index_id)"
        f" WHERE i.asset_id = moved.asset_id AND a.person_id IN ({_SUBTREE})) OR {_OVERLAP})",
        target,
        *_times(moved),
        source,
        source,
    )


async def give_thumbnails(
    tx: Transaction, source: PersonId, target: PersonId, moved: Sequence[MovedAppearance]
) -> None:
    """Let the thumbnails of a person that were taken at these places be the target's."""
    await tx.run(
        f"UPDATE person_thumbnails seen SET person_id = %s FROM {_MOVED}"
        f" WHERE seen.person_id IN ({_SUBTREE}) AND {_OVERLAP}",
        target,
        *_times(moved),
        source,
    )


async def is_seen_beside(
    tx: Transaction, source: PersonId, target: PersonId, chosen: Sequence[ChosenAppearance]
) -> bool:
    """Whether the target is seen in one of these scenes at the same time as the person."""
    return await tx.value(
        f"SELECT EXISTS (SELECT FROM {_CHOSEN}, LATERAL (SELECT index_id, seen.scene_id, seen.start_ms, seen.end_ms"
        f" FROM {_SEEN})"
        " AS given JOIN appearances other ON other.index_id = given.index_id AND other.scene_id = given.scene_id"
        " JOIN persons known ON known.person_id = other.person_id WHERE known.root_id = %s"
        " AND (other.start_ms = given.start_ms OR other.start_ms < given.end_ms AND given.start_ms < other.end_ms))",
        *_places(chosen),
        source,
        target,
    )


async def reject_appearances(
    tx: Transaction, source: PersonId, target: PersonId, moved: Sequence[MovedAppearance]
) -> None:
    """Never again take what is seen at these places for the source, nor for whom it was registered; but the target."""
    await tx.run(
        "INSERT INTO rejected_appearances (person_id, asset_id, start_ms, end_ms, given_to)"
        " SELECT wrong, moved.asset_id, moved.start_ms, moved.end_ms, %s::bigint"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
        " AS moved (asset_id, start_ms, end_ms, origin_id), unnest(ARRAY[moved.origin_id, %s]) AS wrong"
        " EXCEPT SELECT person_id, asset_id, start_ms, end_ms, given_to"
        " FROM rejected_appearances WHERE asset_id = ANY(%s)",
        target,
        *_times(moved),
        [one.origin_id for one in moved],
        source,
        list({one.asset_id for one in moved}),
    )
    await tx.run(
        f"DELETE FROM rejected_appearances seen USING {_MOVED} WHERE seen.person_id IN ({_SUBTREE}) AND {_OVERLAP}",
        *_times(moved),
        target,
    )


def _places(chosen: Sequence[ChosenAppearance]) -> tuple[list[int], list[int | None], list[int | None]]:
    return [one.asset_id for one in chosen], [one.scene_id for one in chosen], [one.start_ms for one in chosen]


def _times(moved: Sequence[MovedAppearance]) -> tuple[list[int], list[int], list[int]]:
    return [one.asset_id for one in moved], [one.start_ms for one in moved], [one.end_ms for one in moved]
