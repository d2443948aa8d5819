"""Statement that tells whether an index has changed, without reading its scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def revision_of(tx: Transaction, index_id: int) -> str:
    """Return a text that changes whenever what the index shows changes.

    An edit writes the row of the index. Persons change elsewhere, so the versions (`xmin`) of their rows count, and
    those of their appearances and primary thumbnails.
    """
    return await tx.value(
        """
        WITH seen AS (
            SELECT person_id, xmin
            FROM appearances
            WHERE index_id = %(index_id)s
        ), heard AS (
            SELECT speaker, person_id, xmin
            FROM persons_of_speakers
            WHERE index_id = %(index_id)s
        )
        SELECT concat_ws(
            '/',
            index_id,
            xmin,
            (SELECT concat(count(*), ':', sum(hashtext(concat(person_id, ':', xmin)))) FROM seen),
            (SELECT string_agg(concat(speaker, ':', person_id, ':', xmin), ',' ORDER BY speaker) FROM heard),
            (
                SELECT string_agg(
                    concat(
                        registered.person_id, ':', registered.xmin, ':',
                        person.person_id, ':', person.xmin, ':',
                        thumbnails.thumbnail_id, ':', thumbnails.xmin
                    ),
                    ',' ORDER BY registered.person_id
                )
                FROM persons registered
                JOIN persons person ON person.person_id = registered.root_id
                LEFT JOIN person_thumbnails thumbnails ON thumbnails.thumbnail_id = person.primary_thumbnail_id
                WHERE registered.person_id IN (SELECT person_id FROM seen UNION SELECT person_id FROM heard)
            )
        )
        FROM indexes
        WHERE index_id = %(index_id)s
        """,
        index_id=index_id,
    )
