"""Coverage of search: how many scenes can be found by words and by vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.search import coverage_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.db.database import Transaction
    from scenedex.search.coverage_queries import Coverage


async def search_coverage(tx: Transaction, engines: Mapping[str, str]) -> tuple[Coverage, dict[str, Coverage]]:
    """Return the coverage by words, and that by vectors of the given engine in each space."""
    words = await coverage_queries.words(tx)
    return words, {space: await coverage_queries.vectors(tx, space, engine) for space, engine in engines.items()}
