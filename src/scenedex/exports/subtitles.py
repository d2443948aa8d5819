"""Subtitles: SubRip and WebVTT."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from scenedex.exports.text import clock, encoded, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.exports.content import AssetScenes
    from scenedex.exports.frame_rates import FrameRate


@dataclass(frozen=True, slots=True)
class Cue:
    """A line of text and the time for which it is shown, at least a millisecond."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str


def write_srt(content: AssetScenes, _rate: FrameRate) -> Iterator[bytes]:
    """Write a SubRip cue for each spoken line. The file is empty if there are none."""
    return encoded(_srt(content))


def write_vtt(content: AssetScenes, _rate: FrameRate) -> Iterator[bytes]:
    """Write a WebVTT cue for each spoken line, with its speaker as the voice."""
    return encoded(_vtt(content))


def _srt(content: AssetScenes) -> Iterator[str]:
    for number, cue in enumerate(_cues(content), 1):
        # The format has no escapes, and players read an arrow as the times of a cue.
        text = cue.text.replace("-->", "→")
        yield f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n{text}\n\n"


def _vtt(content: AssetScenes) -> Iterator[str]:
    yield "WEBVTT\n"
    for cue in _cues(content):
        voice = f"<v {escape(cue.speaker, quote=False)}>" if cue.speaker else ""
        times = f"{clock(cue.start_ms, '.')} --> {clock(cue.end_ms, '.')}"
        yield f"\n{times}\n{voice}{escape(cue.text, quote=False)}\n"


def _cues(content: AssetScenes) -> Iterator[Cue]:
    lines = [found for scene in content.scenes for found in scene.findings if found.kind == "script"]
    for line in sorted(lines, key=lambda line: line.start_ms):
        if text := one_line(line.text):
            yield Cue(line.start_ms, max(line.end_ms, line.start_ms + 1), one_line(line.speaker), text)
