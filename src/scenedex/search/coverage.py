"""Coverage of search: how many scenes can be found by words and by vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.db.database import Transaction


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of scenes.

    Attributes:
        scenes: scenes to be found in one way.
        complete: those that can be found.
        of_others: scenes with vectors of other engines.
        whole: scenes with one vector of the engine for the whole scene, as former releases made it.
    """

    scenes: int
    complete: int
    of_others: int = 0
    whole: int = 0

    @property
    def is_complete(self) -> bool:
        """True if every scene can be found."""
        return self.scenes == self.complete


async def search_coverage(tx: Transaction, engines: Mapping[str, str]) -> tuple[Coverage, dict[str, Coverage]]:
    """Return the coverage by words, and that by vectors of the given engine in each space."""
    [words] = await tx.all(Coverage, "SELECT count(*), count(words) FROM scenes")
    return words, {space: await _vectors(tx, space, engine) for space, engine in engines.items()}


async def _vectors(tx: Transaction, space: str, engine: str) -> Coverage:
    """Count scenes by their vectors. In the space ``TEXT``, only scenes with words count."""
    [found] = await tx.all(
        Coverage,
        """
        WITH whole AS (
            SELECT count(*) AS scenes FROM scene_vectors
            WHERE space = %(space)s AND engine = %(engine)s AND start_ms IS NULL
        )
        SELECT
            (SELECT count(*) FROM scenes s
             WHERE %(space)s <> 'TEXT'
                OR EXISTS (SELECT FROM texts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
                OR EXISTS (SELECT FROM scripts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
                OR EXISTS (
                    SELECT FROM scene_summaries t
                    WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id AND t.text <> ''
                )),
            (SELECT count(*) FROM scene_vectors WHERE space = %(space)s AND engine = %(engine)s AND place = 0)
                - whole.scenes,
            (SELECT count(*) FROM scene_vectors WHERE space = %(space)s AND engine <> %(engine)s AND place = 0),
            whole.scenes
        FROM whole
        """,
        space=space,
        engine=engine,
    )
    return found
