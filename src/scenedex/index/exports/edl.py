"""CMX 3600 edit decision lists: an event for each shot, with a locator for each finding."""

# The adapter has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scenedex.index.exports.cues import one_line
from scenedex.index.exports.cuts import cuts_of
from scenedex.index.exports.naming import stem_of
from scenedex.index.exports.otio import clips_of
from scenedex.index.exports.timelines import timeline_of

if TYPE_CHECKING:
    from scenedex.index.exports.formats import FrameRate
    from scenedex.index.records import Index

# An event's number has three digits.
MOST_EVENTS: Final = 999


def write_edl(index: Index, rate: FrameRate) -> bytes:
    """The list; an event for each scene where the shots are more than a list can number."""
    clips = clips_of(index, cuts_of(index, rate, most=MOST_EVENTS))
    timeline = timeline_of(stem_of(index.file_name), clips, rate, target_url=one_line)
    return edl_of(timeline, rate).encode(errors="replace")


def edl_of(timeline: Any, rate: FrameRate) -> str:  # noqa: ANN401  # the library has no types
    """The list of a timeline of one video track, with an event for each of its clips."""
    from otio_cmx3600_adapter import cmx_3600  # noqa: PLC0415  # loaded only by who exports

    head = f"TITLE: {timeline.name}\n"
    counting = "DROP FRAME" if rate.drops_timecodes else "NON-DROP FRAME"
    # The adapter fails on a track without clips.
    written: str = cmx_3600.write_to_string(timeline, rate=float(rate.exact)) if timeline.tracks[0] else f"{head}\n"
    return f"{head}FCM: {counting}\n{written.removeprefix(head)}"
