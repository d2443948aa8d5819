"""The statements that count whether all scenes of finished indexes can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from scenedex.search.reindexing_queries import HAS_WORDS

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


@dataclass(frozen=True, slots=True)
class Census:
    """How many scenes there are to be found in one way, how many of them are, and what is left of other engines."""

    scenes: int
    complete: int
    of_others: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether all are."""
        return self.scenes == self.complete


async def words(tx: Transaction) -> Census:
    """Scenes whose words are written."""
    found = await tx.one(Census, "SELECT count(*), count(words) FROM scenes")
    assert found is not None  # noqa: S101  # a count always has a row
    return found


async def vectors(tx: Transaction, space: str, engine: str) -> Census:
    """Scenes with a vector of an engine; of words only those that have any."""
    has_words: LiteralString = f" WHERE {HAS_WORDS}" if space == "TEXT" else ""
    found = await tx.one(
        Census,
        f"SELECT (SELECT count(*) FROM scenes s{has_words}),"
        " (SELECT count(*) FROM scene_vectors WHERE space = %s AND engine = %s),"
        " (SELECT count(*) FROM scene_vectors WHERE space = %s AND engine <> %s)",
        space,
        engine,
        space,
        engine,
    )
    assert found is not None  # noqa: S101  # a count always has a row
    return found
