"""The statements that remove every trace of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.identities import Erased, ErasedKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId

_ROWS = "= ANY(%s)"


async def rows_of(tx: Transaction, person: PersonId) -> list[int]:
    """The ids of a person and of those who were merged into it."""
    return await tx.all(int, "SELECT person_id FROM persons WHERE root_id = %s ORDER BY person_id", person)


async def delete_face_outputs(tx: Transaction, workspace_id: int, rows: Sequence[int]) -> int:
    """What the search for faces made of the assets in which these rows were ever seen; how many outputs that were.

    They hold the embeddings of everybody in the asset. What an index shows is no such output.
    """
    return await tx.run(
        "DELETE FROM stage_outputs o WHERE workspace_id = %s AND stage = 'faces'"
        " AND content_hash IN (SELECT content_hash FROM assets WHERE asset_id IN ("
        f"SELECT i.asset_id FROM appearances seen JOIN indexes i USING (index_id) WHERE seen.person_id {_ROWS}"
        f" UNION SELECT asset_id FROM person_faces WHERE person_id {_ROWS}"
        f" UNION SELECT asset_id FROM rejected_appearances WHERE person_id {_ROWS}"
        f" UNION SELECT (details ->> 'asset_id')::bigint FROM person_events WHERE person_id {_ROWS}))"
        " AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)",
        workspace_id,
        *[list(rows)] * 4,
    )


async def traces_of(tx: Transaction, rows: Sequence[int]) -> list[Erased]:
    """What there is of these rows, kind by kind; the events are also those of others that speak of them."""

    def erased(kind: str, count: int, ids: list[int] | None) -> Erased:
        return Erased(ErasedKind(kind), count, tuple(ids or ()))

    return await tx.all(
        erased,
        f"SELECT 'PERSON', count(*), array_agg(person_id ORDER BY person_id) FROM persons WHERE person_id {_ROWS}"
        f" UNION ALL SELECT 'APPEARANCE', count(*), NULL FROM appearances WHERE person_id {_ROWS}"
        f" UNION ALL SELECT 'FACE', count(*), NULL FROM person_faces WHERE person_id {_ROWS}"
        " UNION ALL SELECT 'THUMBNAIL', count(*), array_agg(thumbnail_id ORDER BY thumbnail_id)"
        f" FROM person_thumbnails WHERE person_id {_ROWS}"
        f" UNION ALL SELECT 'TAG', count(DISTINCT tag_id), NULL FROM tags_of_persons WHERE person_id {_ROWS}"
        " UNION ALL SELECT 'EVENT', count(*), array_agg(event_id ORDER BY event_id)"
        f" FROM person_events WHERE person_id {_ROWS} OR other_id {_ROWS}"
        " UNION ALL SELECT 'REJECTION', (SELECT count(*) FROM person_rejections"
        f" WHERE person_id {_ROWS} OR other_id {_ROWS})"
        f" + (SELECT count(*) FROM rejected_appearances WHERE person_id {_ROWS}), NULL"
        f" UNION ALL SELECT 'SPEAKER', count(*), NULL FROM persons_of_speakers WHERE person_id {_ROWS}",
        *[list(rows)] * 11,
    )


async def delete_uploads(tx: Transaction, rows: Sequence[int]) -> int:
    """The uploads, as far as their time is not over, that thumbnails of these rows were copied from; how many."""
    return await tx.run(
        "DELETE FROM pictures WHERE picture_key IN"
        f" (SELECT picture_key FROM person_thumbnails WHERE person_id {_ROWS})",
        list(rows),
    )


async def delete(tx: Transaction, rows: Sequence[int]) -> None:
    """Remove these rows and all that hangs on them."""
    await tx.run(f"DELETE FROM persons_of_indexes WHERE person_id {_ROWS}", list(rows))
    await tx.run(f"DELETE FROM persons WHERE person_id {_ROWS}", list(rows))
