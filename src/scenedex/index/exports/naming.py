"""Names of exported files: what a file of any name is called, safely, everywhere."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

_LONGEST: Final = 150
# Separators of paths, and what file systems or headers give a meaning to.
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._ -]")
_NOT_REEL: Final = re.compile(r"[^A-Z0-9]")
_REEL_LENGTH: Final = 8


def stem_of(file_name: str) -> str:
    """A media file's name without its suffix and without anything that could lead elsewhere."""
    safe = _UNSAFE.sub("_", PurePosixPath(file_name.replace("/", "_")).stem)
    return safe[:_LONGEST].strip(". ") or "index"


def attachment(file_name: str, suffix: str) -> str:
    """``Content-Disposition`` of a file that is made from a media file: its name in plain letters and in full."""
    name = f"{stem_of(file_name)}.{suffix}"
    return f"attachment; filename=\"{_NOT_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def reel_of(file_name: str) -> str:
    """A media file's name as an edit decision list can hold it: eight letters and digits."""
    return _NOT_REEL.sub("", stem_of(file_name).upper())[:_REEL_LENGTH] or "AX"
