"""Text, times and names of files as files for other programs hold them. Names of media files may be any text."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

T = TypeVar("T")

_CHUNK_CHARACTERS: Final = 64 * 1024
_MAX_NAME_LENGTH: Final = 150
# Separators of paths, and characters with a meaning in file systems, headers or the direction of text.
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._ -]")
_NOT_REEL: Final = re.compile(r"[^A-Z0-9]")
_REEL_LENGTH: Final = 8
# Editors read these as a source without a name, as black and as colour bars.
_SPECIAL_REELS: Final = frozenset({"AX", "BL", "BLACK", "BARS"})


def one_line(text: str) -> str:
    """Replace line breaks and other control characters by single spaces."""
    visible = text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
    return " ".join(visible.split())


def clock(milliseconds: int, point: str) -> str:
    """Format a time as ``HH:MM:SS``, the decimal point, and thousandths."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{thousandths:03}"


def encoded(texts: Iterable[str]) -> Iterator[bytes]:
    """Join small pieces of text and encode them in chunks of about 64 Ki characters."""
    pending: list[str] = []
    size = 0
    for text in texts:
        pending.append(text)
        size += len(text)
        if size >= _CHUNK_CHARACTERS:
            yield "".join(pending).encode(errors="replace")
            pending.clear()
            size = 0
    yield "".join(pending).encode(errors="replace")


def stem_of(file_name: str) -> str:
    """Return the name without its suffix and without characters that are unsafe in paths and headers."""
    safe = _UNSAFE.sub("_", PurePosixPath(file_name.replace("/", "_")).stem)
    return safe[:_MAX_NAME_LENGTH].strip(". ") or "index"


def attachment(file_name: str, suffix: str) -> str:
    """Return the ``Content-Disposition`` of a file: its name in plain letters, and in full."""
    name = f"{stem_of(file_name)}.{suffix}"
    return f"attachment; filename=\"{_NOT_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def url_of(file_name: str) -> str:
    """Return the relative URL of a media file in the same folder."""
    return quote(file_name, errors="replace")


def reel_of(file_name: str) -> str:
    """Shorten a name to the eight letters and digits that an edit decision list can hold."""
    return _NOT_REEL.sub("", stem_of(file_name).upper())[:_REEL_LENGTH] or "AX"


def reels_of(names: Mapping[T, tuple[str, str | None]]) -> Mapping[T, str]:
    """Return the reel of each media file, given its name and the reel that it states.

    Files without a stated reel have different ones. Those of similar names end in a number.
    """
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
    taken = set(_SPECIAL_REELS)
    reels: dict[T, str] = {key: reel_of(stated) for key, (_, stated) in names.items() if stated is not None}
    taken.update(reels.values())
    for key, (file_name, _) in names.items():
        if key in reels:
            continue
        plain = reel = reel_of(file_name)
        while reel in taken:
            number = str(next(numbers[plain]))
            reel = plain[: _REEL_LENGTH - len(number)] + number
        taken.add(reel)
        reels[key] = reel
    return reels
