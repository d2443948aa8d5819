"""SubRip subtitles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.index.exports.cues import clock, cues_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.index.records import Index


def write_srt(index: Index) -> Iterator[str]:
    """A cue for each line; the empty text where nothing is said."""
    for number, cue in enumerate(cues_of(index), 1):
        # The format has no escapes, and players take an arrow for a cue's times.
        text = cue.text.replace("-->", "→")
        yield f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n{text}\n\n"
