"""CMX 3600 edit decision lists: an event for each hit, with a locator for each match."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from scenedex.index.exports.cues import one_line
from scenedex.index.exports.edl import MOST_EVENTS, edl_of
from scenedex.index.exports.timelines import timeline_of
from scenedex.search.exports.reel import clips_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.exports.formats import FrameRate
    from scenedex.search.records import FoundScene

# Timecodes begin again after a day, which those that leave numbers out reach some frames early.
_LONGEST_MS: Final = 24 * 3_600_000 - 1000


def write_edl(hits: Sequence[FoundScene], rate: FrameRate, title: str) -> bytes:
    """The list of as many hits as it can number and time; a comment at its end counts those that it leaves out."""
    clips = clips_of(hits, rate)
    ends = list(accumulate(clip.end - clip.start for clip in clips))
    fitting = min(MOST_EVENTS, bisect_right(ends, rate.frame_at(_LONGEST_MS)))
    written = edl_of(timeline_of(one_line(title), clips[:fitting], rate, target_url=one_line), rate)
    # Readers take a comment for a part of the event before it, and some refuse one before the first event.
    remark = f"* HITS LEFT OUT: {len(clips) - fitting}\n" if fitting < len(clips) else ""
    return f"{written}{remark}".encode(errors="replace")
