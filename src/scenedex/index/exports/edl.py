"""CMX 3600 edit decision lists: an event for each shot, with a locator for each finding."""

# The adapter has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.index.exports.cues import one_line
from scenedex.index.exports.cuts import cuts_of
from scenedex.index.exports.otio import timeline_of

if TYPE_CHECKING:
    from scenedex.index.exports.formats import FrameRate
    from scenedex.index.records import Index

# An event's number has three digits.
MOST_EVENTS: Final = 999


def write_edl(index: Index, rate: FrameRate) -> bytes:
    """The list; an event for each scene where the shots are more than a list can number."""
    from otio_cmx3600_adapter import cmx_3600  # noqa: PLC0415  # loaded only by who exports

    timeline = timeline_of(index, cuts_of(index, rate, most=MOST_EVENTS), rate, target_url=one_line(index.file_name))
    written: str = cmx_3600.write_to_string(timeline, rate=float(rate.exact))
    title, _, events = written.partition("\n")
    counting = "DROP FRAME" if rate.drops_timecodes else "NON-DROP FRAME"
    return f"{title}\nFCM: {counting}\n{events}".encode(errors="replace")
