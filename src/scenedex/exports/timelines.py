"""Timelines of OpenTimelineIO, for video editors."""

# OpenTimelineIO's types are in its C++ part, which no type checker sees. The adapter has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scenedex.exports.clips import clips_of
from scenedex.exports.content import AssetScenes, SceneSelection
from scenedex.exports.text import one_line, stem_of, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.exports.clips import Clip, ClipMarker
    from scenedex.exports.content import EditOptions, FindingKind

COLOURS: Final[dict[FindingKind, str]] = {
    "person": "GREEN",
    "keyword": "BLUE",
    "text": "CYAN",
    "script": "YELLOW",
    "audioEffect": "RED",
    "summary": "WHITE",
}


def write_otio(content: AssetScenes | SceneSelection, options: EditOptions) -> Iterator[bytes]:
    """Write the JSON of a timeline with all clips and markers, which refers to media files by their names.

    Each clip counts in the frame rate of its media file, from the timecode of its first frame. The sound of clips is on
    a track of its own.
    """
    timeline = _timeline(content, clips_of(content, options))
    if isinstance(content, AssetScenes):
        timeline.metadata["scenedex"] = {"indexId": content.index_id, "assetId": content.asset_id}
    yield timeline.to_json_string(indent=-1).encode()


def _timeline(content: AssetScenes | SceneSelection, clips: Sequence[Clip]) -> Any:  # noqa: ANN401  # see above
    from opentimelineio import schema  # noqa: PLC0415  # loaded only if an edit is exported

    name = stem_of(content.file_name) if isinstance(content, AssetScenes) else one_line(content.title)
    timeline = schema.Timeline(name=name)
    picture = schema.Track(name="V1", kind=schema.TrackKind.Video)
    picture.extend([_clip(clip, clip.markers) for clip in clips])
    timeline.tracks.append(picture)
    if any(clip.media.film.has_sound and not clip.media.is_still for clip in clips):
        sound = schema.Track(name="A1", kind=schema.TrackKind.Audio)
        sound.extend([_sound(clip) for clip in clips])
        timeline.tracks.append(sound)
    return timeline


def _clip(clip: Clip, markers: Sequence[ClipMarker]) -> Any:  # noqa: ANN401  # see above
    from opentimelineio import schema  # noqa: PLC0415  # loaded only if an edit is exported

    media = clip.media
    reference = schema.ExternalReference(
        target_url=url_of(media.file_name), available_range=_span(clip, 0, media.end), metadata=_facts(clip)
    )
    reference.name = stem_of(media.file_name)
    return schema.Clip(
        name=clip.name,
        media_reference=reference,
        source_range=_span(clip, clip.start, clip.end),
        metadata={"cmx_3600": {"reel": media.reel}, "scenedex": dict(clip.metadata)},
        markers=[_marker(clip, marker) for marker in markers],
    )


def _sound(clip: Clip) -> Any:  # noqa: ANN401  # see above
    from opentimelineio import schema  # noqa: PLC0415  # loaded only if an edit is exported

    if clip.media.film.has_sound and not clip.media.is_still:
        return _clip(clip, ())
    return schema.Gap(source_range=_span(clip, 0, clip.end - clip.start))


def _facts(clip: Clip) -> dict[str, object]:
    """Return what the timecode of a media file is, which the times of a reference do not say."""
    media = clip.media
    return {"scenedex": {"startTimecode": media.rate.labelled.timecode(clip.origin_in(media.rate.labelled))}}


def _span(clip: Clip, start: int, end: int) -> Any:  # noqa: ANN401  # see above
    """Return frames of a media file by their timecode."""
    from opentimelineio import opentime  # noqa: PLC0415  # loaded only if an edit is exported

    fps = float(clip.media.rate.exact)
    return opentime.TimeRange(
        opentime.RationalTime(clip.media.origin + start, fps), opentime.RationalTime(end - start, fps)
    )


def _marker(clip: Clip, marker: ClipMarker) -> Any:  # noqa: ANN401  # see above
    from opentimelineio import schema  # noqa: PLC0415  # loaded only if an edit is exported

    finding = marker.finding
    metadata = {
        "kind": finding.kind,
        "startTimeMs": finding.start_ms,
        "endTimeMs": finding.end_ms,
        "confidence": finding.confidence,
    }
    return schema.Marker(
        name=marker.name,
        marked_range=_span(clip, marker.start, marker.end),
        color=COLOURS[finding.kind],
        metadata={"scenedex": metadata},
    )
