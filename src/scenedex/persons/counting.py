"""How many assets and scenes show a person: written down per index, summed up by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId

_SEEN = (
    "SELECT origin.root_id, seen.index_id, count(DISTINCT seen.scene_id)"
    " FROM appearances seen JOIN persons origin ON origin.person_id = seen.person_id"
)
_INSERT = "INSERT INTO persons_of_indexes (person_id, index_id, scene_count)"


async def count_index(tx: Transaction, index_id: int) -> None:
    """Count the persons of an index that was written in this transaction."""
    await tx.run(f"{_INSERT} {_SEEN} WHERE seen.index_id = %s GROUP BY 1, 2", index_id)


async def recount(tx: Transaction, persons: Sequence[PersonId]) -> None:
    """Count these persons anew, after appearances were given to or taken from them."""
    await tx.run("DELETE FROM persons_of_indexes WHERE person_id = ANY(%s)", list(persons))
    await tx.run(f"{_INSERT} {_SEEN} WHERE origin.root_id = ANY(%s) GROUP BY 1, 2", list(persons))
