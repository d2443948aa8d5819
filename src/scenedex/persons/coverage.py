"""Coverage of recognition: how many persons have faces that an engine can compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


@dataclass(frozen=True, slots=True)
class FaceCoverage:
    """Numbers of persons with faces.

    Attributes:
        persons: persons with faces of any engine.
        comparable: those of them with faces of the engine in question.
        named: persons with a name who have faces of other engines alone.
        engines: the other engines of those who are not comparable.
    """

    persons: int
    comparable: int
    named: int
    engines: list[str]

    @property
    def unknown(self) -> int:
        """Persons who have faces of other engines alone."""
        return self.persons - self.comparable


async def face_coverage(tx: Transaction, engine: str) -> FaceCoverage:
    """Count the persons of all workspaces whose faces an engine can compare, and those that it cannot recognise."""
    [found] = await tx.all(
        FaceCoverage,
        """
        WITH faces AS (
            SELECT root_id, bool_or(engine = %(engine)s) AS is_comparable, array_agg(DISTINCT engine) AS engines
            FROM person_faces
            JOIN persons USING (person_id)
            GROUP BY root_id
        )
        SELECT
            count(*),
            count(*) FILTER (WHERE is_comparable),
            count(*) FILTER (WHERE NOT is_comparable AND name IS NOT NULL),
            ARRAY(SELECT DISTINCT unnest(engines) FROM faces WHERE NOT is_comparable ORDER BY 1)
        FROM faces
        JOIN persons ON person_id = faces.root_id
        WHERE deleted_time IS NULL
        """,
        engine=engine,
    )
    return found
