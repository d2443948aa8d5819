"""WebVTT subtitles, with speakers as voices."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from scenedex.index.exports.cues import clock, cues_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.index.records import Index


def write_vtt(index: Index) -> Iterator[str]:
    """A cue for each line; a file without cues where nothing is said."""
    yield "WEBVTT\n"
    for cue in cues_of(index):
        voice = f"<v {escape(cue.speaker, quote=False)}>" if cue.speaker else ""
        times = f"{clock(cue.start_ms, '.')} --> {clock(cue.end_ms, '.')}"
        yield f"\n{times}\n{voice}{escape(cue.text, quote=False)}\n"
