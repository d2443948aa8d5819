"""Timecode and reel that a recorder or an editor wrote into a film."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from scenedex.media.sniffing import boxes_of
from scenedex.media_formats import MATROSKA_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from av.container import InputContainer

    from scenedex.media_formats import MediaFormat

_TIMECODE: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)([:;.,])(\d{2,3})")
_REELS: Final = ("reel_name", "reel")
_MAX_REEL_LENGTH: Final = 40
# Place of the description of a timecode track of QuickTime, and in it of the number of frames that a second has.
_DESCRIPTIONS: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
_FRAMES_AT: Final = 9
_BOX_HEAD: Final = 8
_ENTRY_AT: Final = 16
_COUNT_AT: Final = 32


@dataclass(frozen=True, slots=True)
class SourceMark:
    """Place of a film on its source.

    Attributes:
        start_timecode: timecode of the first frame as ``HH:MM:SS:FF``, ``HH:MM:SS;FF`` if it drops numbers, in the
            frame rate of the film.
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


def in_rate_of_film(timecode: str, file: BinaryIO, kind: MediaFormat, rate: Fraction) -> str:
    """Return the timecode of a film in its own rate if the timecode track counts only every second or third frame.

    Cameras count films of 50 and 60 frames a second at 25 and 30. The place in the file changes.
    """
    counted = None if kind in MATROSKA_FORMATS else _counted_frames(file)
    if counted is None or counted >= round(rate) or round(rate) % counted:
        return timecode
    frames = int(timecode[_FRAMES_AT:]) * (round(rate) // counted)
    return f"{timecode[:_FRAMES_AT]}{frames:02}"


def _counted_frames(file: BinaryIO) -> int | None:
    """Return the number of frames that the timecode track of a file of boxes counts in a second."""
    for at in _places(file, 0, file.seek(0, os.SEEK_END), _DESCRIPTIONS):
        file.seek(at + _ENTRY_AT)
        entry = file.read(_COUNT_AT + 1)
        if entry[4:8] == b"tmcd" and len(entry) > _COUNT_AT:
            return entry[_COUNT_AT] or None
    return None


def _places(file: BinaryIO, start: int, end: int, path: Sequence[bytes]) -> Iterator[int]:
    """Yield the place of each box at the end of a path of boxes."""
    for kind, at, size in boxes_of(file, end, start):
        if kind == path[0]:
            yield from _places(file, at + _BOX_HEAD, at + size, path[1:]) if len(path) > 1 else [at]


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
