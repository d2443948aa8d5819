"""SQL statements about identities: merges and their undoing, and rejections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.persons.identities import AbsorbedPerson, MergedPerson

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def roots_of(tx: Transaction, workspace_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """Return the current identities of these persons, without those that the workspace lacks or that were deleted."""
    return dict(
        await tx.all(
            as_tuple,
            """
            SELECT persons.person_id, persons.root_id
            FROM persons
            JOIN persons root ON root.person_id = persons.root_id
            WHERE persons.person_id = ANY(%(person_ids)s)
              AND persons.workspace_id = %(workspace_id)s
              AND root.deleted_time IS NULL
            """,
            person_ids=list(person_ids),
            workspace_id=workspace_id,
        )
    )


async def lock_assets(tx: Transaction, workspace_name: str, assets: Collection[int]) -> None:
    """Keep these assets of the workspace from being deleted until the end of the transaction.

    A deletion locks the deleted rows first and persons then. A change of identities that names assets does the same.
    """
    await tx.run(
        """
        SELECT
        FROM workspaces
        JOIN projects USING (workspace_id)
        JOIN assets USING (project_id)
        WHERE workspace_name = %(workspace_name)s AND asset_id = ANY(%(assets)s)
        ORDER BY asset_id
        FOR KEY SHARE OF workspaces, projects, assets
        """,
        workspace_name=workspace_name,
        assets=list(assets),
    )


async def touch(tx: Transaction, persons: Sequence[PersonId], user_name: str) -> datetime:
    """Set the user and time of the last change of these persons. Return the time."""
    await tx.run(
        """
        UPDATE persons
        SET updated_user_name = %(user_name)s, updated_time = now()
        WHERE person_id = ANY(%(persons)s)
        """,
        user_name=user_name,
        persons=list(persons),
    )
    return await tx.value("SELECT now()")


async def name_of(tx: Transaction, person: PersonId) -> str | None:
    """Return the name of a person, or `None` if it is anonymous."""
    return await tx.value("SELECT name FROM persons WHERE person_id = %(person)s", person=person)


async def to_absorb(tx: Transaction, persons: Sequence[PersonId]) -> list[AbsorbedPerson]:
    """Return the names and counts of persons that are to be merged, by id."""
    return await tx.all(
        AbsorbedPerson,
        """
        SELECT person_id, name, asset_count, (
            SELECT count(*)
            FROM person_thumbnails
            JOIN persons shown USING (person_id)
            WHERE shown.root_id = persons.person_id
        )
        FROM persons
        WHERE person_id = ANY(%(persons)s)
        ORDER BY person_id
        """,
        persons=list(persons),
    )


async def count_assets(tx: Transaction, persons: Sequence[PersonId]) -> int:
    """Count the assets that show at least one of these persons."""
    return await tx.value(
        "SELECT count(DISTINCT index_id) FROM persons_of_indexes WHERE person_id = ANY(%(persons)s)",
        persons=list(persons),
    )


async def merge(tx: Transaction, representative: PersonId, persons: Sequence[PersonId]) -> None:
    """Merge these persons, with all that were merged into them, into the representative.

    A representative without a primary thumbnail gets the first primary one of these persons.
    """
    await tx.run(
        """
        UPDATE persons
        SET primary_thumbnail_id = (
            SELECT primary_thumbnail_id
            FROM persons
            WHERE person_id = ANY(%(persons)s) AND primary_thumbnail_id IS NOT NULL
            ORDER BY array_position(%(persons)s::bigint[], person_id)
            LIMIT 1
        )
        WHERE person_id = %(representative)s AND primary_thumbnail_id IS NULL
        """,
        persons=list(persons),
        representative=representative,
    )
    await tx.run(
        """
        UPDATE persons
        SET root_id = %(representative)s,
            merged_into = CASE WHEN person_id = ANY(%(persons)s) THEN %(representative)s ELSE merged_into END
        WHERE root_id = ANY(%(persons)s)
        """,
        persons=list(persons),
        representative=representative,
    )


async def merged_person(tx: Transaction, workspace_id: int, person_id: int) -> MergedPerson | None:
    """Return a person of the workspace, merged into another or not."""
    return await tx.one(
        MergedPerson,
        """
        SELECT person_id, root_id, name
        FROM persons
        WHERE person_id = %(person_id)s AND workspace_id = %(workspace_id)s
        """,
        person_id=person_id,
        workspace_id=workspace_id,
    )


async def find_named(tx: Transaction, workspace_id: int, name: str) -> int | None:
    """Return the existing person of the workspace with that name."""
    return await tx.value(
        """
        SELECT person_id
        FROM persons
        WHERE workspace_id = %(workspace_id)s AND name = %(name)s AND merged_into IS NULL AND deleted_time IS NULL
        """,
        workspace_id=workspace_id,
        name=name,
    )


async def detach(tx: Transaction, person: PersonId) -> None:
    """Undo the merge of this person, with all that were merged into it."""
    await tx.run(
        """
        WITH RECURSIVE below (person_id) AS (
            SELECT %(person)s::bigint
            UNION ALL
            SELECT merged.person_id
            FROM persons merged
            JOIN below ON merged.merged_into = below.person_id
        )
        UPDATE persons
        SET root_id = %(person)s,
            merged_into = CASE WHEN persons.person_id = %(person)s THEN NULL ELSE merged_into END
        FROM below
        WHERE persons.person_id = below.person_id
        """,
        person=person,
    )


async def restore_primary_thumbnails(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Make the oldest thumbnail of each person the primary one if the primary one is not its own."""
    await tx.run(
        """
        UPDATE persons
        SET primary_thumbnail_id = (
            SELECT min(thumbnail_id)
            FROM person_thumbnails
            JOIN persons shown USING (person_id)
            WHERE shown.root_id = persons.person_id
        )
        WHERE person_id = ANY(%(persons)s)
          AND NOT EXISTS (
              SELECT
              FROM person_thumbnails
              JOIN persons shown USING (person_id)
              WHERE shown.root_id = persons.person_id AND thumbnail_id = persons.primary_thumbnail_id
          )
        """,
        persons=list(persons),
    )


async def count_appearances(tx: Transaction, person: PersonId) -> int:
    """Count the appearances of a person in all indexes."""
    return await tx.value(
        """
        SELECT count(*)
        FROM appearances
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        person=person,
    )


async def reject_persons(tx: Transaction, person: PersonId, others: Sequence[PersonId]) -> None:
    """Never match the person with one of the others again."""
    await tx.run(
        """
        INSERT INTO person_rejections (person_id, other_id)
        SELECT least(%(person)s, other_id), greatest(%(person)s, other_id)
        FROM unnest(%(others)s::bigint[]) AS others (other_id)
        ON CONFLICT DO NOTHING
        """,
        person=person,
        others=list(others),
    )
