"""Subtitles: SubRip and WebVTT."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from scenedex.exports.text import clock, encoded, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.exports.content import AssetScenes, EditOptions, ExportedWord, SceneFinding

MAX_CUE_COLUMNS: Final = 84
"""Maximum width of a cue, two rows of 42 Latin letters. An East Asian character takes two columns."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A line of text and the time for which it is shown, at least a millisecond."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str
    is_rough: bool


def write_srt(content: AssetScenes, _options: EditOptions) -> Iterator[bytes]:
    """Write SubRip cues for the spoken lines, ``[rough]`` before rough ones. Without lines the file is empty."""
    return encoded(_srt(content))


def write_vtt(content: AssetScenes, _options: EditOptions) -> Iterator[bytes]:
    """Write WebVTT cues for the spoken lines, with the speaker as the voice. A rough line has the class ``rough``."""
    return encoded(_vtt(content))


def _srt(content: AssetScenes) -> Iterator[str]:
    for number, cue in enumerate(_cues(content), 1):
        # The format has no escapes, and players read an arrow as the times of a cue.
        text = ("[rough] " if cue.is_rough else "") + cue.text.replace("-->", "→")
        yield f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n{text}\n\n"


def _vtt(content: AssetScenes) -> Iterator[str]:
    yield "WEBVTT\n"
    cues = list(_cues(content))
    if any(cue.is_rough for cue in cues):
        yield "\nNOTE Many words of the cues with the class rough are wrong.\n"
    for cue in cues:
        rough = ".rough" if cue.is_rough else ""
        text = escape(cue.text, quote=False)
        if cue.speaker:
            text = f"<v{rough} {escape(cue.speaker, quote=False)}>{text}"
        elif rough:
            text = f"<c{rough}>{text}</c>"
        yield f"\n{clock(cue.start_ms, '.')} --> {clock(cue.end_ms, '.')}\n{text}\n"


def _cues(content: AssetScenes) -> Iterator[Cue]:
    lines = [found for scene in content.scenes for found in scene.findings if found.kind == "script"]
    for line in sorted(lines, key=lambda line: line.start_ms):
        speaker = one_line(line.speaker)
        for start_ms, end_ms, text in _parts(line):
            if shown := one_line(text):
                yield Cue(start_ms, max(end_ms, start_ms + 1), speaker, shown, line.is_rough)


def _parts(line: SceneFinding) -> list[tuple[int, int, str]]:
    """Divide a line at its words into parts of about the same width that fit a cue, each with its times."""
    count = -(-_columns(line.text) // MAX_CUE_COLUMNS)
    places = _places(line.text, line.words)
    if count < 2 or places is None:  # noqa: PLR2004  # a line that fits, or whose words are not known
        return [(line.start_ms, line.end_ms, line.text)]
    width = _columns(line.text) / count
    starts = [0]
    for number in range(1, len(places)):
        columns = _columns(line.text[: places[number]])
        following = _columns(line.text[: places[number + 1]]) if number + 1 < len(places) else _columns(line.text)
        # The border that is nearer to an equal division.
        if len(starts) < count and following - len(starts) * width > len(starts) * width - columns:
            starts.append(number)
    ends = [*starts[1:], len(places)]
    return [
        (
            line.start_ms if start == 0 else line.words[start].start_ms,
            line.end_ms if end == len(places) else line.words[end - 1].end_ms,
            line.text[places[start] if start else 0 : places[end] if end < len(places) else len(line.text)],
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _places(text: str, words: Sequence[ExportedWord]) -> list[int] | None:
    """Return the position of each word in the text, or `None` if it does not consist of the words."""
    places: list[int] = []
    at = 0
    for word in words:
        at = text.find(word.text, at)
        if at < 0:
            return None
        places.append(at)
        at += len(word.text)
    return places or None


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
