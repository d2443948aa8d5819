"""Counts of the assets and scenes that show a person: kept per index, summed up by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons import count_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def count_index(tx: Transaction, index_id: int) -> None:
    """Count the persons of an index that this transaction writes."""
    await count_queries.insert_of_index(tx, index_id)


async def recount(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Count these persons again after a change of their appearances."""
    await count_queries.delete(tx, persons)
    await count_queries.insert(tx, persons)
