"""Clips of media files that follow one another, with markers on them, counted in frames of the media."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.exports.content import AssetScenes, SceneSelection
from scenedex.exports.text import one_line, reel_of, reels_of, stem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.exports.content import SceneFinding, SelectedScene
    from scenedex.exports.frame_rates import FrameRate

STILL_MS: Final = 2000
_MAX_LABEL_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class ClipMarker:
    """A finding on a clip: frames ``[start, end)`` of the media file, at least one, all inside the clip."""

    finding: SceneFinding
    start: int
    end: int

    @property
    def name(self) -> str:
        """The label of the finding, cut to 200 characters."""
        label = self.finding.label
        return label if len(label) <= _MAX_LABEL_LENGTH else f"{label[: _MAX_LABEL_LENGTH - 1]}…"


@dataclass(frozen=True, slots=True)
class SourceMedia:
    """A media file of at least ``end`` frames. Its reel is at most eight letters and digits."""

    file_name: str
    reel: str
    end: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames ``[start, end)`` of a media file, at least one."""

    name: str
    media: SourceMedia
    start: int
    end: int
    markers: tuple[ClipMarker, ...]
    metadata: Mapping[str, object]


def clips_of(content: AssetScenes | SceneSelection, rate: FrameRate) -> list[Clip]:
    """Make a clip for each shot of a media file, or for the moment of each chosen scene."""
    match content:
        case AssetScenes():
            return shot_clips(content, rate)
        case SceneSelection(scenes=scenes, handle_ms=handle_ms):
            reels = reels_of({scene.asset_id: scene.file_name for scene in scenes})
            return [_selected_clip(scene, handle_ms, reels[scene.asset_id], rate) for scene in scenes]


def shot_clips(content: AssetScenes, rate: FrameRate) -> list[Clip]:
    """Make clips of the shots that last a frame. They follow one another without a gap."""
    spans = ((scene.scene_id, it.shot_id, it.start_ms, it.end_ms) for scene in content.scenes for it in scene.shots)
    return _consecutive_clips(content, spans, rate)


def scene_clips(content: AssetScenes, rate: FrameRate) -> list[Clip]:
    """Make clips of the scenes that last a frame. They follow one another without a gap."""
    spans = ((scene.scene_id, None, scene.start_ms, scene.end_ms) for scene in content.scenes)
    return _consecutive_clips(content, spans, rate)


def _consecutive_clips(
    content: AssetScenes, spans: Iterable[tuple[int, int | None, int, int]], rate: FrameRate
) -> list[Clip]:
    """Make clips of spans, or one clip of one frame. Each finding is a marker on the clip in which it starts."""
    cuts = [
        (scene_id, shot_id, start, end)
        for scene_id, shot_id, start_ms, end_ms in spans
        if (start := rate.frame_at(start_ms)) < (end := rate.frame_at(end_ms))
    ] or [(1, None, 0, 1)]
    starts = [start for _, _, start, _ in cuts]
    found: defaultdict[int, list[SceneFinding]] = defaultdict(list)
    for scene in content.scenes:
        for finding in scene.findings:
            found[max(0, bisect_right(starts, rate.frame_at(finding.start_ms)) - 1)].append(finding)
    media = SourceMedia(content.file_name, reel_of(content.file_name), cuts[-1][-1])
    return [
        Clip(
            name=f"Scene {scene_id}" + ("" if shot_id is None else f" Shot {shot_id}"),
            media=media,
            start=start,
            end=end,
            markers=_markers(found[number], start, end, rate),
            metadata={"sceneId": scene_id, "shotId": shot_id},
        )
        for number, (scene_id, shot_id, start, end) in enumerate(cuts)
    ]


def _selected_clip(selected: SelectedScene, handle_ms: int, reel: str, rate: FrameRate) -> Clip:
    """Make a clip of a moment with its handles, within the media file. An image is shown for two seconds."""
    scene, moment = selected.scene, selected.moment
    if selected.asset_type == "IMAGE" and scene.start_ms == scene.end_ms:
        start_ms, end_ms = scene.start_ms, scene.start_ms + STILL_MS
    else:
        start_ms = max(moment.start_ms - handle_ms, 0)
        end_ms = min(moment.end_ms + handle_ms, max(selected.duration_ms, moment.end_ms))
    start = rate.frame_at(start_ms)
    end = max(rate.frame_at(end_ms), start + 1)
    shown = [one for one in scene.findings if one.start_ms <= end_ms and start_ms <= one.end_ms]
    return Clip(
        name=f"{one_line(stem_of(selected.file_name))} Scene {scene.scene_id}",
        media=SourceMedia(selected.file_name, reel, max(rate.frame_at(selected.duration_ms), end)),
        start=start,
        end=end,
        markers=_markers(shown, start, end, rate),
        metadata={
            "assetId": selected.asset_id,
            "projectId": selected.project_id,
            "indexId": selected.index_id,
            "sceneId": scene.scene_id,
            "score": selected.score,
            "momentStartMs": moment.start_ms,
            "momentEndMs": moment.end_ms,
            "momentUrl": moment.url,
        },
    )


def _markers(findings: Sequence[SceneFinding], start: int, end: int, rate: FrameRate) -> tuple[ClipMarker, ...]:
    """Place findings on the clip ``[start, end)``, in order of time."""

    def marker(finding: SceneFinding) -> ClipMarker:
        first = min(max(rate.frame_at(finding.start_ms), start), end - 1)
        return ClipMarker(finding, first, min(max(rate.frame_at(finding.end_ms), first + 1), end))

    return tuple(marker(finding) for finding in sorted(findings, key=lambda it: it.start_ms))
