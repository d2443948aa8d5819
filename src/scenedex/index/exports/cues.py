"""The lines of an index as subtitles show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.index.records import Index


@dataclass(frozen=True, slots=True)
class Cue:
    """A line that is shown for a time; the text is one line, the end lies after the start."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str


def cues_of(index: Index) -> Iterator[Cue]:
    """The lines of an index that have words, in order of time."""
    lines = sorted((line for scene in index.scenes for line in scene.scripts), key=lambda line: line.start_ms)
    for line in lines:
        if text := one_line(line.text):
            yield Cue(line.start_ms, max(line.end_ms, line.start_ms + 1), one_line(line.speaker), text)


def one_line(text: str) -> str:
    """Text without line breaks and other control characters."""
    visible = text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
    return " ".join(visible.split())


def clock(milliseconds: int, point: str) -> str:
    """``HH:MM:SS`` and thousandths after the point."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{thousandths:03}"
