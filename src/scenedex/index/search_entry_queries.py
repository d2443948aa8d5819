"""Statements that keep the terms of scenes and the number of scenes that have each term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.index.search_terms import lexeme, spelling_variants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.database import Transaction


async def find_terms(tx: Transaction, index_id: int, scene_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the stored terms of those of the scenes that exist."""
    return dict(
        await tx.all(
            as_tuple,
            """
            SELECT scene_id, coalesce(tsvector_to_array(words), '{}')
            FROM scenes
            WHERE index_id = %(index_id)s AND scene_id = ANY(%(scene_ids)s)
            """,
            index_id=index_id,
            scene_ids=list(scene_ids),
        )
    )


async def set_vectors(tx: Transaction, index_id: int, vectors: Mapping[int, str]) -> None:
    """Store the terms of scenes, each as a literal of `tsvector`."""
    await tx.run(
        """
        UPDATE scenes
        SET words = found.vector::tsvector
        FROM unnest(%(scene_ids)s::integer[], %(vectors)s::text[]) AS found (scene_id, vector)
        WHERE index_id = %(index_id)s AND scenes.scene_id = found.scene_id
        """,
        index_id=index_id,
        scene_ids=list(vectors),
        vectors=list(vectors.values()),
    )


async def drop_text_vectors(tx: Transaction, index_id: int, scene_ids: Sequence[int]) -> None:
    """Remove the embeddings of the passages of scenes and mark the scenes, so that a worker embeds them again."""
    await tx.run(
        """
        DELETE FROM scene_vectors
        WHERE index_id = %(index_id)s AND scene_id = ANY(%(scene_ids)s) AND space = 'TEXT'
        """,
        index_id=index_id,
        scene_ids=list(scene_ids),
    )
    await tx.run(
        "UPDATE scenes SET is_reworded = true WHERE index_id = %(index_id)s AND scene_id = ANY(%(scene_ids)s)",
        index_id=index_id,
        scene_ids=list(scene_ids),
    )


async def add_counts(tx: Transaction, workspace_id: int, counts: Mapping[str, int]) -> None:
    """Add to the number of scenes that have each term, and remove terms that no scene has."""
    changed = {term: count for term, count in sorted(counts.items()) if count}
    if not changed:
        return
    bare = len(lexeme(workspace_id, ""))
    await tx.run(
        """
        INSERT INTO search_terms AS known (term, scene_count, near)
        SELECT term, scene_count, string_to_array(near, ' ')
        FROM unnest(%(terms)s::text[], %(counts)s::integer[], %(near)s::text[]) AS found (term, scene_count, near)
        ON CONFLICT (term) DO UPDATE SET scene_count = known.scene_count + excluded.scene_count
        """,
        terms=list(changed),
        counts=list(changed.values()),
        near=[" ".join(spelling_variants(workspace_id, term[bare:])) for term in changed],
    )
    if min(changed.values()) < 0:
        await tx.run("DELETE FROM search_terms WHERE term = ANY(%(terms)s) AND scene_count <= 0", terms=list(changed))


async def miscounted_terms(tx: Transaction, workspace_id: int, limit: int) -> dict[str, int]:
    """Return terms whose number of scenes is wrong, with the difference to the right number."""
    return dict(
        await tx.all(
            as_tuple,
            """
            SELECT coalesce(t.term, lexeme), (coalesce(scenes, 0) - coalesce(t.scene_count, 0))::integer
            FROM (
                SELECT lexeme, count(*) AS scenes
                FROM scenes, unnest(words) AS word
                WHERE lexeme ^@ %(prefix)s
                GROUP BY lexeme
            ) counted
            FULL JOIN (SELECT * FROM search_terms WHERE term ^@ %(prefix)s) t
                ON t.term = counted.lexeme COLLATE "C"
            WHERE t.scene_count IS DISTINCT FROM scenes
            LIMIT %(limit)s
            """,
            prefix=lexeme(workspace_id, ""),
            limit=limit,
        )
    )
