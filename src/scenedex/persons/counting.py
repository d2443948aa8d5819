"""Counts of the assets and scenes that show a person: kept per index, summed up by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def count_index(tx: Transaction, index_id: int) -> None:
    """Count the persons of an index that this transaction writes."""
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


async def recount(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Count these persons again, in all indexes, after a change of their appearances."""
    await tx.run("DELETE FROM persons_of_indexes WHERE person_id = ANY(%(persons)s)", persons=list(persons))
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
