"""Hits of searches as exports get them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index_samples import KEYWORDS, SCRIPT, TEXT, person, plain_scene
from scenedex.search.records import FoundScene

if TYPE_CHECKING:
    from scenedex.index.records import IndexedScene


def hit(
    scene: IndexedScene | None = None,
    *,
    asset_id: int = 1001,
    file_name: str = "interview.mp4",
    type: str = "VIDEO",  # noqa: A002  # as the record calls it
    score: float | None = 91.27,
) -> FoundScene:
    """A hit, by itself a scene of a second without matches."""
    return FoundScene(asset_id, 5, file_name, type, 77, score, plain_scene() if scene is None else scene)


def matched(scene: IndexedScene) -> IndexedScene:
    """A scene of a second with a match of every kind."""
    return replace(scene, persons=(person(7),), keywords=KEYWORDS[:1], texts=(TEXT,), scripts=(SCRIPT,))
