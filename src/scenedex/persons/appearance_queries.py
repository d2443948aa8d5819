"""SQL statements that move appearances to another person, with faces, thumbnails and rejections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.identities import MovedAppearance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import ChosenAppearance, PersonId


async def first_not_seen(tx: Transaction, person: PersonId, chosen: Sequence[ChosenAppearance]) -> int | None:
    """Return the first of these places, from 0, that does not show the person, or `None` if all show it."""
    return await tx.value(
        """
        SELECT number::integer - 1
        FROM unnest(%(assets)s::bigint[], %(scenes)s::integer[], %(starts)s::bigint[])
            WITH ORDINALITY AS chosen (asset_id, scene_id, start_ms, number)
        WHERE NOT EXISTS (
            SELECT
            FROM indexes
            JOIN appearances seen USING (index_id)
            JOIN persons origin ON origin.person_id = seen.person_id
            WHERE indexes.asset_id = chosen.asset_id
              AND origin.root_id = %(person)s
              AND seen.scene_id = coalesce(chosen.scene_id, seen.scene_id)
              AND seen.start_ms = coalesce(chosen.start_ms, seen.start_ms)
        )
        ORDER BY number
        LIMIT 1
        """,
        **_places(chosen),
        person=person,
    )


async def move_appearances(
    tx: Transaction, source: PersonId, target: PersonId, chosen: Sequence[ChosenAppearance]
) -> list[MovedAppearance]:
    """Move the appearances of the source at these places to the target. Return the moved ones."""
    return await tx.all(
        MovedAppearance,
        """
        WITH wanted AS (
            SELECT DISTINCT seen.ctid AS place, indexes.asset_id, seen.person_id AS origin_id
            FROM unnest(%(assets)s::bigint[], %(scenes)s::integer[], %(starts)s::bigint[])
                AS chosen (asset_id, scene_id, start_ms)
            JOIN indexes ON indexes.asset_id = chosen.asset_id
            JOIN appearances seen USING (index_id)
            JOIN persons origin ON origin.person_id = seen.person_id
            WHERE origin.root_id = %(source)s
              AND seen.scene_id = coalesce(chosen.scene_id, seen.scene_id)
              AND seen.start_ms = coalesce(chosen.start_ms, seen.start_ms)
        )
        UPDATE appearances seen
        SET person_id = %(target)s
        FROM wanted
        WHERE seen.ctid = wanted.place
        RETURNING wanted.asset_id, seen.start_ms, seen.end_ms, wanted.origin_id
        """,
        **_places(chosen),
        source=source,
        target=target,
    )


async def move_faces(tx: Transaction, source: PersonId, target: PersonId, moved: Sequence[MovedAppearance]) -> None:
    """Move the faces of the source from these places to the target.

    Faces of an asset without a time are moved if the source has no other appearance in the asset.
    """
    await tx.run(
        # Ends are exclusive, except that of an image, which is its start.
        """
        UPDATE person_faces seen
        SET person_id = %(target)s
        FROM unnest(%(assets)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[])
            AS moved (asset_id, start_ms, end_ms)
        WHERE seen.person_id IN (SELECT person_id FROM persons WHERE root_id = %(source)s)
          AND seen.asset_id = moved.asset_id
          AND (
              seen.start_ms = moved.start_ms
              OR seen.start_ms < moved.end_ms AND moved.start_ms < seen.end_ms
              OR seen.start_ms IS NULL AND NOT EXISTS (
                  SELECT
                  FROM indexes
                  JOIN appearances USING (index_id)
                  WHERE indexes.asset_id = moved.asset_id
                    AND appearances.person_id IN (SELECT person_id FROM persons WHERE root_id = %(source)s)
              )
          )
        """,
        **_times(moved),
        source=source,
        target=target,
    )


async def move_thumbnails(
    tx: Transaction, source: PersonId, target: PersonId, moved: Sequence[MovedAppearance]
) -> None:
    """Move the thumbnails of the source from these places to the target."""
    await tx.run(
        """
        UPDATE person_thumbnails seen
        SET person_id = %(target)s
        FROM unnest(%(assets)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[])
            AS moved (asset_id, start_ms, end_ms)
        WHERE seen.person_id IN (SELECT person_id FROM persons WHERE root_id = %(source)s)
          AND seen.asset_id = moved.asset_id
          AND (
              seen.start_ms = moved.start_ms
              OR seen.start_ms < moved.end_ms AND moved.start_ms < seen.end_ms
          )
        """,
        **_times(moved),
        source=source,
        target=target,
    )


async def is_seen_beside(
    tx: Transaction, source: PersonId, target: PersonId, chosen: Sequence[ChosenAppearance]
) -> bool:
    """Return whether the target appears in one of these scenes at the same time as the source."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT
            FROM unnest(%(assets)s::bigint[], %(scenes)s::integer[], %(starts)s::bigint[])
                AS chosen (asset_id, scene_id, start_ms)
            JOIN indexes ON indexes.asset_id = chosen.asset_id
            JOIN appearances seen USING (index_id)
            JOIN persons origin ON origin.person_id = seen.person_id
            JOIN appearances other ON other.index_id = seen.index_id AND other.scene_id = seen.scene_id
            JOIN persons known ON known.person_id = other.person_id
            WHERE origin.root_id = %(source)s
              AND known.root_id = %(target)s
              AND seen.scene_id = coalesce(chosen.scene_id, seen.scene_id)
              AND seen.start_ms = coalesce(chosen.start_ms, seen.start_ms)
              AND (
                  other.start_ms = seen.start_ms
                  OR other.start_ms < seen.end_ms AND seen.start_ms < other.end_ms
              )
        )
        """,
        **_places(chosen),
        source=source,
        target=target,
    )


async def reject_appearances(
    tx: Transaction, source: PersonId, target: PersonId, moved: Sequence[MovedAppearance]
) -> None:
    """Never match these places with the source or their first person again, only with the target."""
    await tx.run(
        """
        INSERT INTO rejected_appearances (person_id, asset_id, start_ms, end_ms, given_to)
        SELECT wrong, moved.asset_id, moved.start_ms, moved.end_ms, %(target)s::bigint
        FROM unnest(%(assets)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[], %(origins)s::bigint[])
            AS moved (asset_id, start_ms, end_ms, origin_id),
            unnest(ARRAY[moved.origin_id, %(source)s]) AS wrong
        EXCEPT
        SELECT person_id, asset_id, start_ms, end_ms, given_to
        FROM rejected_appearances
        WHERE asset_id = ANY(%(assets)s)
        """,
        **_times(moved),
        origins=[one.origin_id for one in moved],
        source=source,
        target=target,
    )
    await tx.run(
        """
        DELETE FROM rejected_appearances seen
        USING unnest(%(assets)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[])
            AS moved (asset_id, start_ms, end_ms)
        WHERE seen.person_id IN (SELECT person_id FROM persons WHERE root_id = %(target)s)
          AND seen.asset_id = moved.asset_id
          AND (
              seen.start_ms = moved.start_ms
              OR seen.start_ms < moved.end_ms AND moved.start_ms < seen.end_ms
          )
        """,
        **_times(moved),
        target=target,
    )


def _places(chosen: Sequence[ChosenAppearance]) -> Mapping[str, object]:
    return {
        "assets": [one.asset_id for one in chosen],
        "scenes": [one.scene_id for one in chosen],
        "starts": [one.start_ms for one in chosen],
    }


def _times(moved: Sequence[MovedAppearance]) -> Mapping[str, object]:
    return {
        "assets": [one.asset_id for one in moved],
        "starts": [one.start_ms for one in moved],
        "ends": [one.end_ms for one in moved],
    }
