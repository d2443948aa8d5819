"""OpenTimelineIO: a timeline of the media file with a clip for each shot and a marker for each finding."""

# The library's types are those of its C++ part, which no type checker sees.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from scenedex.index.exports.cuts import cuts_of
from scenedex.index.exports.naming import reel_of, stem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.exports.cuts import Cut, MarkKind
    from scenedex.index.exports.formats import FrameRate
    from scenedex.index.records import Index

_COLOURS: Final[dict[MarkKind, str]] = {
    "person": "GREEN",
    "keyword": "BLUE",
    "text": "CYAN",
    "script": "YELLOW",
    "audioEffect": "RED",
}


def write_otio(index: Index, rate: FrameRate) -> bytes:
    """The JSON of a timeline whose clips refer to the media file by its name."""
    cuts = cuts_of(index, rate)
    timeline = timeline_of(index, cuts, rate, target_url=quote(index.file_name, errors="replace"))
    timeline.metadata["scenedex"] = {"indexId": index.head.index_id, "assetId": index.head.asset_id}
    for clip, cut in zip(timeline.tracks[0], cuts, strict=True):
        clip.metadata["scenedex"] = {"sceneId": cut.scene_id, "shotId": cut.shot_id}
        for marker, placed in zip(clip.markers, cut.marks, strict=True):
            mark = placed.mark
            marker.metadata["scenedex"] = {
                "kind": mark.kind,
                "startTimeMs": mark.start_ms,
                "endTimeMs": mark.end_ms,
                "confidence": mark.confidence,
            }
    return timeline.to_json_string(indent=-1).encode()


def timeline_of(index: Index, cuts: Sequence[Cut], rate: FrameRate, *, target_url: str) -> Any:  # noqa: ANN401  # see above
    """A timeline of one video track with the cuts, which refer to the media at a place, and their marks."""
    from opentimelineio import opentime, schema  # noqa: PLC0415  # loaded only by who exports

    fps = float(rate.exact)

    def span(start: int, end: int) -> Any:  # noqa: ANN401  # see above
        return opentime.TimeRange(opentime.RationalTime(start, fps), opentime.RationalTime(end - start, fps))

    stem = stem_of(index.file_name)
    reel = {"reel": reel_of(index.file_name)}
    track = schema.Track(name="V1", kind=schema.TrackKind.Video)
    for cut in cuts:
        media = schema.ExternalReference(target_url=target_url, available_range=span(0, cuts[-1].end))
        media.name = stem
        clip = schema.Clip(
            name=cut.name,
            media_reference=media,
            source_range=span(cut.start, cut.end),
            metadata={"cmx_3600": reel},
            markers=[
                schema.Marker(
                    name=placed.mark.name,
                    marked_range=span(placed.start, placed.end),
                    color=_COLOURS[placed.mark.kind],
                )
                for placed in cut.marks
            ],
        )
        track.append(clip)
    timeline = schema.Timeline(name=stem)
    timeline.tracks.append(track)
    return timeline
