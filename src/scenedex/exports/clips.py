"""Clips of media files that follow one another, with markers on them, counted in frames of the media."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from scenedex.exports.content import AssetScenes, EditOptions, SceneSelection
from scenedex.exports.frame_rates import FrameRate, SourceTimecode, parse_rate
from scenedex.exports.text import one_line, reel_of, reels_of, stem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.exports.content import FilmFacts, SceneFinding, SelectedScene

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
    """A media file.

    Attributes:
        asset_id: its asset.
        file_name: its name.
        reel: name of its reel, at most eight letters and digits.
        rate: frame rate that its frames are counted in.
        origin: number of its first frame by its timecode, 0 without one.
        end: its number of frames.
        is_still: whether it is a picture.
        film: further properties.
    """

    asset_id: int
    file_name: str
    reel: str
    rate: FrameRate
    origin: int
    end: int
    is_still: bool
    film: FilmFacts


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames ``[start, end)`` of a media file, at least one, counted from 0."""

    name: str
    media: SourceMedia
    start: int
    end: int
    markers: tuple[ClipMarker, ...]
    metadata: Mapping[str, object]

    def origin_in(self, rate: FrameRate) -> int:
        """Return the number of the media file's first frame, by its timecode, in another frame rate."""
        own = self.media.rate
        timecode = SourceTimecode.parse(own.timecode(self.media.origin))
        if rate == own or timecode is None:
            return self.media.origin
        return rate.frame_of(timecode, own)

    def length_in(self, rate: FrameRate) -> int:
        """Return the number of frames that the clip has in an edit of a frame rate, at least 1."""
        return max(1, rate.nearest(self.media.rate.seconds_of(self.end - self.start)))


def clips_of(content: AssetScenes | SceneSelection, options: EditOptions) -> list[Clip]:
    """Make a clip for each shot of a media file, or for the moment of each chosen scene."""
    match content:
        case AssetScenes():
            return shot_clips(content, options)
        case SceneSelection(scenes=scenes):
            reels = reels_of({scene.asset_id: (scene.file_name, scene.film.reel) for scene in scenes})
            return [_selected_clip(scene, reels[scene.asset_id], options) for scene in scenes]


def shot_clips(content: AssetScenes, options: EditOptions) -> list[Clip]:
    """Make clips of the shots that last a frame. Without handles they follow one another without a gap."""
    spans = ((scene.scene_id, it.shot_id, it.start_ms, it.end_ms) for scene in content.scenes for it in scene.shots)
    return _consecutive_clips(content, spans, options)


def scene_clips(content: AssetScenes, options: EditOptions) -> list[Clip]:
    """Make clips of the scenes that last a frame. Without handles they follow one another without a gap."""
    spans = ((scene.scene_id, None, scene.start_ms, scene.end_ms) for scene in content.scenes)
    return _consecutive_clips(content, spans, options)


def edit_rate(clips: Sequence[Clip]) -> FrameRate:
    """Return the frame rate of an edit: that of most of its clips, and 25 without clips."""
    rates = Counter(clip.media.rate for clip in clips if not clip.media.is_still)
    rates = rates or Counter(clip.media.rate for clip in clips)
    return max(rates, key=rates.__getitem__) if rates else FrameRate.of_film(None)


def _consecutive_clips(
    content: AssetScenes, spans: Iterable[tuple[int, int | None, int, int]], options: EditOptions
) -> list[Clip]:
    """Make clips of spans, or one clip of one frame. Each finding is a marker on the clip in which it starts."""
    media = _media_of(content, reel_of(content.film.reel or content.file_name), options)
    rate = media.rate
    cuts = [
        (scene_id, shot_id, start, end)
        for scene_id, shot_id, start_ms, end_ms in spans
        if (start := rate.frame_at(start_ms)) < (end := rate.frame_at(end_ms))
    ] or [(1, None, 0, 1)]
    media = replace(media, end=max(media.end, cuts[-1][-1]))
    starts = [start for _, _, start, _ in cuts]
    found: defaultdict[int, list[SceneFinding]] = defaultdict(list)
    for scene in content.scenes:
        for finding in scene.findings:
            found[max(0, bisect_right(starts, rate.frame_at(finding.start_ms)) - 1)].append(finding)
    return [
        Clip(
            name=f"Scene {scene_id}" + ("" if shot_id is None else f" Shot {shot_id}"),
            media=media,
            start=max(start - _handle(options, rate), 0),
            end=min(end + _handle(options, rate), media.end),
            markers=_markers(found[number], start, end, rate),
            metadata={"sceneId": scene_id, "shotId": shot_id},
        )
        for number, (scene_id, shot_id, start, end) in enumerate(cuts)
    ]


def _selected_clip(selected: SelectedScene, reel: str, options: EditOptions) -> Clip:
    """Make a clip of a moment with its handles, within the media file. An image is shown for two seconds."""
    scene, moment, media = selected.scene, selected.moment, _media_of(selected, reel, options)
    rate, handle = media.rate, _handle(options, media.rate)
    if media.is_still and scene.start_ms == scene.end_ms:
        start, end = rate.frame_at(scene.start_ms), rate.frame_at(scene.start_ms + STILL_MS)
    else:
        start = max(rate.frame_at(moment.start_ms) - handle, 0)
        last = max(media.end, rate.frame_at(moment.end_ms))
        end = max(min(rate.frame_at(moment.end_ms) + handle, last), start + 1)
    shown = [one for one in scene.findings if rate.frame_at(one.start_ms) <= end and start <= rate.frame_at(one.end_ms)]
    return Clip(
        name=f"{one_line(stem_of(selected.file_name))} Scene {scene.scene_id}",
        media=replace(media, end=max(media.end, end)),
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


def _media_of(content: AssetScenes | SelectedScene, reel: str, options: EditOptions) -> SourceMedia:
    film = content.film
    timecode = None if film.start_timecode is None else SourceTimecode.parse(film.start_timecode)
    own = FrameRate.of_film(parse_rate(film.average_rate), timecode)
    rate = options.frame_rate or own
    if rate.is_drop and rate.exact == own.exact:
        rate = own
    return SourceMedia(
        content.asset_id,
        content.file_name,
        reel,
        rate,
        0 if timecode is None else rate.frame_of(timecode, own),
        max(1, rate.frame_at(content.duration_ms)),
        content.asset_type == "IMAGE",
        film,
    )


def _handle(options: EditOptions, rate: FrameRate) -> int:
    return rate.frame_at(options.handle_ms) + options.handle_frames


def _markers(findings: Sequence[SceneFinding], start: int, end: int, rate: FrameRate) -> tuple[ClipMarker, ...]:
    """Place findings on the clip ``[start, end)``, in order of time."""

    def marker(finding: SceneFinding) -> ClipMarker:
        first = min(max(rate.frame_at(finding.start_ms), start), end - 1)
        return ClipMarker(finding, first, min(max(rate.frame_at(finding.end_ms), first + 1), end))

    return tuple(marker(finding) for finding in sorted(findings, key=lambda it: it.start_ms))
