"""SQL statements about the counts of assets and scenes that show a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def insert_of_index(tx: Transaction, index_id: int) -> None:
    """Insert the counts of all persons of an index."""
    await tx.run(
        """
        INSERT INTO persons_of_indexes (person_id, index_id, scene_count)
        SELECT root_id, index_id, count(DISTINCT scene_id)
        FROM appearances
        JOIN persons USING (person_id)
        WHERE index_id = %(index_id)s
        GROUP BY root_id, index_id
        """,
        index_id=index_id,
    )


async def insert(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Insert the counts of these persons, in all indexes."""
    await tx.run(
        """
        INSERT INTO persons_of_indexes (person_id, index_id, scene_count)
        SELECT root_id, index_id, count(DISTINCT scene_id)
        FROM appearances
        JOIN persons USING (person_id)
        WHERE root_id = ANY(%(persons)s)
        GROUP BY root_id, index_id
        """,
        persons=list(persons),
    )


async def delete(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Delete the counts of these persons."""
    await tx.run("DELETE FROM persons_of_indexes WHERE person_id = ANY(%(persons)s)", persons=list(persons))
