"""Edits for video editors: timelines of OpenTimelineIO, and CMX 3600 edit decision lists."""

# OpenTimelineIO's types are in its C++ part, which no type checker sees. The adapter has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from scenedex.exports.clips import clips_of, scene_clips
from scenedex.exports.content import AssetScenes, SceneSelection
from scenedex.exports.text import one_line, stem_of, url_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from scenedex.exports.clips import Clip, ClipMarker
    from scenedex.exports.content import FindingKind
    from scenedex.exports.frame_rates import FrameRate

_COLOURS: Final[dict[FindingKind, str]] = {
    "person": "GREEN",
    "keyword": "BLUE",
    "text": "CYAN",
    "script": "YELLOW",
    "audioEffect": "RED",
}
# The number of an event in an edit decision list has three digits.
_MAX_EVENTS: Final = 999
# Timecodes start again after a day. Those that drop numbers do so some frames earlier.
_MAX_LIST_MS: Final = 24 * 3_600_000 - 1000


def write_otio(content: AssetScenes | SceneSelection, rate: FrameRate) -> Iterator[bytes]:
    """Write the JSON of a timeline with all clips and markers, which refers to media files by their names."""
    timeline = _timeline(content, clips_of(content, rate), rate, url_of)
    if isinstance(content, AssetScenes):
        timeline.metadata["scenedex"] = {"indexId": content.index_id, "assetId": content.asset_id}
    yield timeline.to_json_string(indent=-1).encode()


def write_edl(content: AssetScenes | SceneSelection, rate: FrameRate) -> Iterator[bytes]:
    """Write a list with an event for each clip and a locator for each marker.

    If a media file has more shots than a list can number, each scene is an event. Chosen scenes beyond the number and
    length that a list can hold are left out, and a comment at its end counts them.
    """
    clips = clips_of(content, rate)
    left_out = 0
    match content:
        case AssetScenes():
            if len(clips) > _MAX_EVENTS:
                clips = scene_clips(content, rate)
        case SceneSelection():
            fitting = _fitting(clips, rate)
            left_out = len(clips) - fitting
            clips = clips[:fitting]
    written = _edl(_timeline(content, clips, rate, one_line), rate)
    # Readers take a comment as part of the event before it, and some refuse one before the first event.
    remark = f"* HITS LEFT OUT: {left_out}\n" if left_out else ""
    yield f"{written}{remark}".encode(errors="replace")


def _fitting(clips: Sequence[Clip], rate: FrameRate) -> int:
    """Count the clips that a list can number and time."""
    ends = list(accumulate(clip.end - clip.start for clip in clips))
    return min(_MAX_EVENTS, bisect_right(ends, rate.frame_at(_MAX_LIST_MS)))


def _edl(timeline: Any, rate: FrameRate) -> str:  # noqa: ANN401  # see above
    from otio_cmx3600_adapter import cmx_3600  # noqa: PLC0415  # loaded only if an edit is exported

    head = f"TITLE: {timeline.name}\n"
    counting = "DROP FRAME" if rate.drops_timecodes else "NON-DROP FRAME"
    # The adapter fails on a track without clips.
    written: str = cmx_3600.write_to_string(timeline, rate=float(rate.exact)) if timeline.tracks[0] else f"{head}\n"
    return f"{head}FCM: {counting}\n{written.removeprefix(head)}"


def _timeline(
    content: AssetScenes | SceneSelection, clips: Iterable[Clip], rate: FrameRate, target_url: Callable[[str], str]
) -> Any:  # noqa: ANN401  # see above
    """Build a timeline of one video track. ``target_url`` makes the reference to a media file of its name."""
    from opentimelineio import opentime, schema  # noqa: PLC0415  # loaded only if an edit is exported

    fps = float(rate.exact)

    def span(start: int, end: int) -> Any:  # noqa: ANN401  # see above
        return opentime.TimeRange(opentime.RationalTime(start, fps), opentime.RationalTime(end - start, fps))

    def marker_of(marker: ClipMarker) -> Any:  # noqa: ANN401  # see above
        finding = marker.finding
        metadata = {
            "kind": finding.kind,
            "startTimeMs": finding.start_ms,
            "endTimeMs": finding.end_ms,
            "confidence": finding.confidence,
        }
        return schema.Marker(
            name=marker.name,
            marked_range=span(marker.start, marker.end),
            color=_COLOURS[finding.kind],
            metadata={"scenedex": metadata},
        )

    track = schema.Track(name="V1", kind=schema.TrackKind.Video)
    for clip in clips:
        media = schema.ExternalReference(
            target_url=target_url(clip.media.file_name), available_range=span(0, clip.media.end)
        )
        media.name = stem_of(clip.media.file_name)
        track.append(
            schema.Clip(
                name=clip.name,
                media_reference=media,
                source_range=span(clip.start, clip.end),
                metadata={"cmx_3600": {"reel": clip.media.reel}, "scenedex": dict(clip.metadata)},
                markers=[marker_of(marker) for marker in clip.markers],
            )
        )
    name = stem_of(content.file_name) if isinstance(content, AssetScenes) else one_line(content.title)
    timeline = schema.Timeline(name=name)
    timeline.tracks.append(track)
    return timeline
