"""Coverage of search: how many scenes can be found by words and by vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.db.database import Transaction


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of scenes to be found in one way, of those that can be found, and of vectors of other engines."""

    scenes: int
    complete: int
    of_others: int = 0

    @property
    def is_complete(self) -> bool:
        """True if every scene can be found."""
        return self.scenes == self.complete


async def search_coverage(tx: Transaction, engines: Mapping[str, str]) -> tuple[Coverage, dict[str, Coverage]]:
    """Return the coverage by words, and that by vectors of the given engine in each space."""
    [words] = await tx.all(Coverage, "SELECT count(*), count(words) FROM scenes")
    return words, {space: await _vectors(tx, space, engine) for space, engine in engines.items()}


async def _vectors(tx: Transaction, space: str, engine: str) -> Coverage:
    """Count scenes, vectors of an engine and those of others. In the space ``TEXT``, only scenes with words count."""
    [found] = await tx.all(
        Coverage,
        """
        SELECT
            (SELECT count(*) FROM scenes s
             WHERE %(space)s <> 'TEXT'
                OR EXISTS (SELECT FROM texts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
                OR EXISTS (SELECT FROM scripts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)),
            (SELECT count(*) FROM scene_vectors WHERE space = %(space)s AND engine = %(engine)s),
            (SELECT count(*) FROM scene_vectors WHERE space = %(space)s AND engine <> %(engine)s)
        """,
        space=space,
        engine=engine,
    )
    return found
