"""SQL statements that remove every trace of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.identities import Erased

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def rows_of(tx: Transaction, person: PersonId) -> list[int]:
    """Return the ids of a person and of those merged into it."""
    return await tx.all(
        int, "SELECT person_id FROM persons WHERE root_id = %(person)s ORDER BY person_id", person=person
    )


async def delete_face_outputs(tx: Transaction, workspace_id: int, rows: Sequence[int]) -> int:
    """Delete the stored faces of all assets in which these rows were ever seen. Return the number of outputs.

    They hold embeddings of all persons in the asset. Outputs that an index shows are kept, since they hold none.
    """
    return await tx.run(
        """
        DELETE FROM stage_outputs
        WHERE workspace_id = %(workspace_id)s
          AND stage = 'faces'
          AND content_hash IN (
              SELECT content_hash
              FROM assets
              WHERE asset_id IN (
                  SELECT asset_id
                  FROM appearances
                  JOIN indexes USING (index_id)
                  WHERE person_id = ANY(%(rows)s)
                  UNION
                  SELECT asset_id FROM person_faces WHERE person_id = ANY(%(rows)s)
                  UNION
                  SELECT asset_id FROM rejected_appearances WHERE person_id = ANY(%(rows)s)
                  UNION
                  SELECT (details ->> 'asset_id')::bigint FROM person_events WHERE person_id = ANY(%(rows)s)
              )
          )
          AND NOT EXISTS (
              SELECT FROM outputs_of_indexes WHERE outputs_of_indexes.output_id = stage_outputs.output_id
          )
        """,
        workspace_id=workspace_id,
        rows=list(rows),
    )


async def traces_of(tx: Transaction, rows: Sequence[int]) -> list[Erased]:
    """Count the traces of these rows by kind. Events and rejections of other persons that name them count as well."""
    return await tx.all(
        Erased,
        """
        SELECT 'PERSON', count(*), array_agg(person_id ORDER BY person_id)
        FROM persons
        WHERE person_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'APPEARANCE', count(*), NULL FROM appearances WHERE person_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'FACE', count(*), NULL FROM person_faces WHERE person_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'THUMBNAIL', count(*), array_agg(thumbnail_id ORDER BY thumbnail_id)
        FROM person_thumbnails
        WHERE person_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'TAG', count(DISTINCT tag_id), NULL FROM tags_of_persons WHERE person_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'EVENT', count(*), array_agg(event_id ORDER BY event_id)
        FROM person_events
        WHERE person_id = ANY(%(rows)s) OR other_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'REJECTION',
            (SELECT count(*) FROM person_rejections WHERE person_id = ANY(%(rows)s) OR other_id = ANY(%(rows)s))
            + (SELECT count(*) FROM rejected_appearances WHERE person_id = ANY(%(rows)s)),
            NULL
        UNION ALL
        SELECT 'SUGGESTION', count(*), array_agg(suggestion_id ORDER BY suggestion_id)
        FROM person_suggestions
        WHERE person_id = ANY(%(rows)s) OR other_id = ANY(%(rows)s)
        UNION ALL
        SELECT 'SPEAKER', count(*), NULL FROM persons_of_speakers WHERE person_id = ANY(%(rows)s)
        """,
        rows=list(rows),
    )


async def delete_uploads(tx: Transaction, rows: Sequence[int]) -> int:
    """Delete the uploads that thumbnails of these rows were copied from. Return how many have not expired yet."""
    return await tx.run(
        """
        DELETE FROM pictures
        WHERE picture_key IN (SELECT picture_key FROM person_thumbnails WHERE person_id = ANY(%(rows)s))
        """,
        rows=list(rows),
    )


async def delete(tx: Transaction, rows: Sequence[int]) -> None:
    """Delete these rows and all rows below them."""
    await tx.run("DELETE FROM persons_of_indexes WHERE person_id = ANY(%(rows)s)", rows=list(rows))
    await tx.run("DELETE FROM persons WHERE person_id = ANY(%(rows)s)", rows=list(rows))
