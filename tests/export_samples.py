"""Content of exports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index_samples import KEYWORDS, SCRIPT, TEXT, index_of, person, plain_scene
from scenedex.exports.content import NO_FACTS, EditOptions, SceneSelection, SelectedMoment, SelectedScene
from scenedex.index.export_routes import asset_scenes, exported_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scenedex.exports.content import AssetScenes, FilmFacts
    from scenedex.exports.frame_rates import FrameRate
    from scenedex.index.records import IndexedScene


def asset(
    *scenes: IndexedScene, file_name: str = "interview.mp4", asset_type: str = "VIDEO", film: FilmFacts = NO_FACTS
) -> AssetScenes:
    """All scenes of a media file."""
    return replace(asset_scenes(index_of(*scenes, file_name=file_name)), asset_type=asset_type, film=film)


def edited(write: Callable[[AssetScenes, EditOptions], Iterator[bytes]], content: AssetScenes, rate: FrameRate) -> str:
    """Return the edit of a media file that counts in a frame rate."""
    return b"".join(write(content, EditOptions(rate))).decode()


def selected(
    scene: IndexedScene | None = None,
    *,
    asset_id: int = 1001,
    file_name: str = "interview.mp4",
    asset_type: str = "VIDEO",
    score: float | None = 91.27,
    duration_ms: int | None = None,
    moment_ms: tuple[int, int] | None = None,
    copies: tuple[int, ...] = (),
    film: FilmFacts = NO_FACTS,
) -> SelectedScene:
    """A chosen scene, by default of a second and without matches. Its moment is all of it by default."""
    shown = exported_scene(plain_scene() if scene is None else scene)
    start_ms, end_ms = (shown.start_ms, shown.end_ms) if moment_ms is None else moment_ms
    url = f"https://media.example/console/w/newsroom/assets/{asset_id}?t={start_ms / 1000:.10g}"
    return SelectedScene(
        asset_id=asset_id,
        project_id=5,
        index_id=77,
        file_name=file_name,
        asset_type=asset_type,
        duration_ms=duration_ms or shown.end_ms,
        score=score,
        scene=shown,
        moment=SelectedMoment(start_ms, end_ms, "DIALOGUE", "Good morning\nfrom the harbour.", url),
        copies=copies,
        film=film,
    )


def matched(scene: IndexedScene) -> IndexedScene:
    """A scene of a second with a match of every kind."""
    return replace(scene, persons=(person(7),), keywords=KEYWORDS[:1], texts=(TEXT,), scripts=(SCRIPT,))


def selection_file(
    write: Callable[[SceneSelection, EditOptions], Iterator[bytes]],
    scenes: Sequence[SelectedScene],
    rate: FrameRate | None = None,
    title: str = "harbour",
    handle_ms: int = 0,
) -> bytes:
    """Return the exported file of chosen scenes."""
    return b"".join(write(SceneSelection(title, scenes), EditOptions(rate, handle_ms)))
