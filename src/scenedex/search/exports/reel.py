"""The hits of a search as clips of their media files, one after another: a reel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.index.exports.cues import one_line
from scenedex.index.exports.cuts import marks_of, placed
from scenedex.index.exports.naming import reels_of, stem_of
from scenedex.index.exports.timelines import Clip, Media

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.exports.formats import FrameRate
    from scenedex.search.records import FoundScene

STILL_MS: Final = 2000


def clips_of(hits: Sequence[FoundScene], rate: FrameRate) -> list[Clip]:
    """A clip for each hit, in their order, with a mark for each match.

    A clip is the scene, a frame long at least; that of an image, which lasts no time, is a still of two seconds.
    """
    reels = reels_of({hit.asset_id: hit.file_name for hit in hits})
    return [_clip(hit, reels[hit.asset_id], rate) for hit in hits]


def _clip(hit: FoundScene, reel: str, rate: FrameRate) -> Clip:
    scene = hit.scene
    start = rate.frame_at(scene.start_ms)
    lasting_ms = STILL_MS if hit.type == "IMAGE" and scene.start_ms == scene.end_ms else 0
    end = max(rate.frame_at(scene.end_ms + lasting_ms), start + 1)
    marks = sorted(marks_of([scene]), key=lambda mark: mark.start_ms)
    return Clip(
        name=f"{one_line(stem_of(hit.file_name))} Scene {scene.scene_id}",
        media=Media(hit.file_name, reel, end),
        start=start,
        end=end,
        marks=tuple(placed(mark, start, end, rate) for mark in marks),
        metadata={
            "assetId": hit.asset_id,
            "projectId": hit.project_id,
            "indexId": hit.index_id,
            "sceneId": scene.scene_id,
            "score": hit.score,
        },
    )
