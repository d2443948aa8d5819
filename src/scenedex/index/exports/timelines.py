"""Clips that follow one another, as a timeline of OpenTimelineIO."""

# The library's types are those of its C++ part, which no type checker sees.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scenedex.index.exports.naming import stem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from scenedex.index.exports.cuts import MarkKind, PlacedMark
    from scenedex.index.exports.formats import FrameRate

_COLOURS: Final[dict[MarkKind, str]] = {
    "person": "GREEN",
    "keyword": "BLUE",
    "text": "CYAN",
    "script": "YELLOW",
    "audioEffect": "RED",
}


@dataclass(frozen=True, slots=True)
class Media:
    """A media file that has at least the frames ``[0, end)``; its reel is eight letters and digits at most."""

    file_name: str
    reel: str
    end: int


@dataclass(frozen=True, slots=True)
class Clip:
    """A part ``[start, end)`` of a media file in frames, at least one; with the marks on it, and what it is of."""

    name: str
    media: Media
    start: int
    end: int
    marks: tuple[PlacedMark, ...]
    metadata: Mapping[str, object]


def timeline_of(name: str, clips: Iterable[Clip], rate: FrameRate, *, target_url: Callable[[str], str]) -> Any:  # noqa: ANN401  # see above
    """A timeline of one video track with the clips and their marks.

    Args:
        name: what editors see.
        clips: in order; each begins where the one before it ends.
        rate: what frames are counted in.
        target_url: where a media file is, by its name.
    """
    from opentimelineio import opentime, schema  # noqa: PLC0415  # loaded only by who exports

    fps = float(rate.exact)

    def span(start: int, end: int) -> Any:  # noqa: ANN401  # see above
        return opentime.TimeRange(opentime.RationalTime(start, fps), opentime.RationalTime(end - start, fps))

    def marker(placed: PlacedMark) -> Any:  # noqa: ANN401  # see above
        mark = placed.mark
        known = {
            "kind": mark.kind,
            "startTimeMs": mark.start_ms,
            "endTimeMs": mark.end_ms,
            "confidence": mark.confidence,
        }
        return schema.Marker(
            name=mark.name,
            marked_range=span(placed.start, placed.end),
            color=_COLOURS[mark.kind],
            metadata={"scenedex": known},
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
                markers=[marker(placed) for placed in clip.marks],
            )
        )
    timeline = schema.Timeline(name=name)
    timeline.tracks.append(track)
    return timeline


def json_of(timeline: Any) -> bytes:  # noqa: ANN401  # see above
    """A timeline as OpenTimelineIO writes it."""
    return timeline.to_json_string(indent=-1).encode()
