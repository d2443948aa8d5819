"""The statements that keep what scenes are found by."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from scenedex.index.findable import find_by, lexeme, nearly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.findable import Place, SceneWords
    from scenedex.index.records import IndexedScene

_RECOUNTED_AT_ONCE: Final = 10_000  # terms


async def count_terms(tx: Transaction, workspace_id: int, words: Iterable[SceneWords]) -> None:
    """Count the terms of scenes that were written; the caller holds the lock of `lock_persons`."""
    counts = Counter(term for one in words for term in one.terms)
    await _count(tx, workspace_id, counts)


async def rewrite_words(tx: Transaction, index_id: int, scenes: Sequence[IndexedScene], place: Place) -> None:
    """Write anew what scenes of an index are found by; the caller holds the lock of `lock_persons`."""
    counts: Counter[str] = Counter()
    for scene in scenes:
        words = find_by(scene, place)
        former = await tx.value(
            "SELECT coalesce(tsvector_to_array(words), '{}') FROM scenes WHERE index_id = %s AND scene_id = %s",
            index_id,
            scene.scene_id,
        )
        if former is None:
            continue
        counts.update(words.terms)
        counts.subtract(former)
        await tx.run(
            "UPDATE scenes SET words = %s::tsvector WHERE index_id = %s AND scene_id = %s",
            words.vector,
            index_id,
            scene.scene_id,
        )
    await _count(tx, place.workspace_id, counts)


async def forget_meaning(tx: Transaction, index_id: int, scene_id: int) -> None:
    """Let a scene not be found by what its former words meant; a worker works out what the present ones mean."""
    await tx.run(
        "DELETE FROM scene_vectors WHERE index_id = %s AND scene_id = %s AND space = 'TEXT'", index_id, scene_id
    )
    await tx.run("UPDATE scenes SET is_reworded = true WHERE index_id = %s AND scene_id = %s", index_id, scene_id)


async def _count(tx: Transaction, workspace_id: int, counts: Mapping[str, int]) -> None:
    """Add to the numbers of scenes that have each term; what no scene has is forgotten."""
    changed = {term: count for term, count in sorted(counts.items()) if count}
    if not changed:
        return
    bare = len(f"{workspace_id}:")
    await tx.run(
        "INSERT INTO search_terms AS known (term, scene_count, near)"
        " SELECT term, scene_count, string_to_array(near, ' ')"
        " FROM unnest(%s::text[], %s::integer[], %s::text[]) AS found (term, scene_count, near)"
        " ON CONFLICT (term) DO UPDATE SET scene_count = known.scene_count + excluded.scene_count",
        list(changed),
        list(changed.values()),
        [" ".join(nearly(workspace_id, term[bare:])) for term in changed],
    )
    if min(changed.values()) < 0:
        await tx.run("DELETE FROM search_terms WHERE term = ANY(%s) AND scene_count <= 0", list(changed))


async def recount_terms(tx: Transaction, workspace_id: int) -> None:
    """Put right in how many scenes of a workspace each term is; the caller holds the lock of `lock_persons`."""

    def difference(term: str, missing: int) -> tuple[str, int]:
        return term, missing

    while True:
        wrong = await tx.all(
            difference,
            "SELECT coalesce(t.term, lexeme), (coalesce(scenes, 0) - coalesce(t.scene_count, 0))::integer"
            " FROM (SELECT lexeme, count(*) AS scenes FROM scenes, unnest(words) AS word"
            " WHERE lexeme ^@ %s GROUP BY lexeme) counted"
            ' FULL JOIN (SELECT * FROM search_terms WHERE term ^@ %s) t ON t.term = counted.lexeme COLLATE "C"'
            " WHERE t.scene_count IS DISTINCT FROM scenes LIMIT %s",
            lexeme(workspace_id, ""),
            lexeme(workspace_id, ""),
            _RECOUNTED_AT_ONCE,
        )
        if not wrong:
            return
        await _count(tx, workspace_id, dict(wrong))
