"""Timecode and reel that a recorder or an editor wrote into a film."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from av.container import InputContainer

_TIMECODE: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)([:;.,])(\d{2,3})")
_REELS: Final = ("reel_name", "reel")
_MAX_REEL_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class SourceMark:
    """Place of a film on its source.

    Attributes:
        start_timecode: timecode of the first frame as ``HH:MM:SS:FF``, ``HH:MM:SS;FF`` if it drops numbers.
        reel: name of the reel, tape or card.
    """

    start_timecode: str | None = None
    reel: str | None = None


def source_mark(container: InputContainer) -> SourceMark:
    """Return the first valid timecode and reel among the tags of a film: of the file, then of its tracks.

    QuickTime has them in a timecode track, Matroska and MXF in tags.
    """
    timecode = reel = None
    for tags in _tags(container):
        timecode = timecode or _timecode(tags.get("timecode", ""))
        reel = reel or next((found for key in _REELS if (found := _reel(tags.get(key, "")))), None)
    return SourceMark(timecode, reel)


def _tags(container: InputContainer) -> Iterator[Mapping[str, str]]:
    for tags in (container.metadata, *(stream.metadata for stream in container.streams)):
        yield {key.lower(): value for key, value in tags.items()}


def _timecode(text: str) -> str | None:
    found = _TIMECODE.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, separator, frames = found.groups()
    return f"{hours}:{minutes}:{seconds}{';' if separator in ';,' else ':'}{frames}"


def _reel(text: str) -> str:
    return "".join(it for it in text if it.isprintable()).strip()[:_MAX_REEL_LENGTH]
