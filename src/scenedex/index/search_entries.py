"""Search entries of scenes: the terms that a search finds them by, and the counts of these terms.

The caller of each function holds the lock of `lock_persons` on the workspace.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from scenedex.index import finding_queries, queries, search_entry_queries
from scenedex.index.records import IndexedScene
from scenedex.index.search_terms import terms_of_scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import IndexedFile
    from scenedex.index.search_terms import SceneTerms

_MAX_RECOUNTED: Final = 10_000  # terms in one statement


async def count_terms(tx: Transaction, workspace_id: int, scenes: Iterable[SceneTerms]) -> None:
    """Count the terms of scenes that are inserted."""
    counts = Counter(term for scene in scenes for term in scene.terms)
    await search_entry_queries.add_counts(tx, workspace_id, counts)


async def rewrite_index(tx: Transaction, index_id: int) -> int:
    """Write the entries of all scenes of an index again. Return the number of scenes."""
    file = await queries.find_file(tx, index_id)
    scenes = await queries.scenes_of(tx, index_id)
    if file is not None:
        await _rewrite(tx, index_id, scenes, file)
    return len(scenes)


async def rewrite_scenes(tx: Transaction, index_id: int, scene_ids: Sequence[int]) -> None:
    """Write the entries of scenes again after their words have changed, and have their texts embedded again."""
    file = await queries.find_file(tx, index_id)
    if file is None:
        return
    keys = [(index_id, scene_id) for scene_id in scene_ids]
    findings = await finding_queries.findings_of(tx, finding_queries.FindingFilter.in_scenes(keys))
    scenes = [findings.added_to(IndexedScene(scene_id, 0, 0, "", ()), index_id) for scene_id in scene_ids]
    await _rewrite(tx, index_id, scenes, file)
    await search_entry_queries.drop_text_vectors(tx, index_id, scene_ids)


async def recount_terms(tx: Transaction, workspace_id: int) -> None:
    """Correct the number of scenes of each term of a workspace."""
    while wrong := await search_entry_queries.miscounted_terms(tx, workspace_id, _MAX_RECOUNTED):
        await search_entry_queries.add_counts(tx, workspace_id, wrong)


async def _rewrite(tx: Transaction, index_id: int, scenes: Sequence[IndexedScene], file: IndexedFile) -> None:
    counts: Counter[str] = Counter()
    vectors: dict[int, str] = {}
    former = await search_entry_queries.find_terms(tx, index_id, [scene.scene_id for scene in scenes])
    for scene in scenes:
        entry = terms_of_scene(scene, file)
        known = former.get(scene.scene_id)
        if known is None:
            continue
        counts.update(entry.terms)
        counts.subtract(known)
        vectors[scene.scene_id] = entry.vector
    await search_entry_queries.set_vectors(tx, index_id, vectors)
    await search_entry_queries.add_counts(tx, file.workspace_id, counts)
