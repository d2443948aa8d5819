"""Conversion of hits to the content of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.exports.content import SceneSelection, SelectedScene
from scenedex.index.export_content import exported_scene

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenedex.search.records import FoundScene


def scene_selection(title: str, hits: Iterable[FoundScene]) -> SceneSelection:
    """Convert hits of a search."""
    return SceneSelection(title, [_selected(hit) for hit in hits])


def _selected(hit: FoundScene) -> SelectedScene:
    return SelectedScene(
        asset_id=hit.asset_id,
        project_id=hit.project_id,
        index_id=hit.index_id,
        file_name=hit.file_name,
        asset_type=hit.type,
        score=hit.score,
        scene=exported_scene(hit.scene),
    )
