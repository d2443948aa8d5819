"""Names of exported files: what a file of any name is called, safely, everywhere."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")

_LONGEST: Final = 150
# Separators of paths, and what file systems or headers give a meaning to.
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._ -]")
_NOT_REEL: Final = re.compile(r"[^A-Z0-9]")
_REEL_LENGTH: Final = 8
# Editors take these for a source without a name, for black and for colour bars.
_SPECIAL_REELS: Final = frozenset({"AX", "BL", "BLACK", "BARS"})


def stem_of(file_name: str) -> str:
    """A media file's name without its suffix and without anything that could lead elsewhere."""
    safe = _UNSAFE.sub("_", PurePosixPath(file_name.replace("/", "_")).stem)
    return safe[:_LONGEST].strip(". ") or "index"


def attachment(file_name: str, suffix: str) -> str:
    """``Content-Disposition`` of a file that is made from a media file: its name in plain letters and in full."""
    name = f"{stem_of(file_name)}.{suffix}"
    return f"attachment; filename=\"{_NOT_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def url_of(file_name: str) -> str:
    """Where a media file is, beside the file that refers to it."""
    return quote(file_name, errors="replace")


def reel_of(file_name: str) -> str:
    """A media file's name as an edit decision list can hold it: eight letters and digits."""
    return _NOT_REEL.sub("", stem_of(file_name).upper())[:_REEL_LENGTH] or "AX"


def reels_of(file_names: Mapping[T, str]) -> Mapping[T, str]:
    """Reels of many media files, no two the same: a number ends those of names that begin alike."""
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
    taken = set(_SPECIAL_REELS)
    reels: dict[T, str] = {}
    for key, file_name in file_names.items():
        plain = reel = reel_of(file_name)
        while reel in taken:
            number = str(next(numbers[plain]))
            reel = plain[: _REEL_LENGTH - len(number)] + number
        taken.add(reel)
        reels[key] = reel
    return reels
