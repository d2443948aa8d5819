"""Globs over the parts of a key between its slashes. Pure.

``*`` and ``?`` stand for any characters, or one, within a part, and ``[a-z]`` and ``[!a-z]`` for one of those or of the
others. A part ``**`` stands for any number of parts, also none, and at the end for everything below. Upper and lower
case differ. A match takes time in proportion to the length of the key, whatever the pattern.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PATTERNS: Final = 100
MAX_PATTERN_LENGTH: Final = 1024
_CLASS: Final = re.compile(r"\[!?+\]?+[^\]]*\]")
_RANGE: Final = re.compile(r"(.)-(.)", re.DOTALL)
_ANY_NAME: Final = re.compile(r"[^/]*")


class PatternInvalid(ValueError):
    """A glob cannot be read. The message is a clause about it."""


@dataclass(frozen=True, slots=True)
class Glob:
    """A glob.

    Attributes:
        parts: expression of each part, `None` for ``**``.
        is_name: whether it is compared with the file name alone, since it has no slash.
        is_whole: whether it is compared with the whole key, since it starts with a slash.
    """

    parts: tuple[re.Pattern[str] | None, ...]
    is_name: bool = False
    is_whole: bool = False

    def matches(self, key: str, folder: str) -> bool:
        """Return whether a key matches. ``folder`` is what relative globs leave out: the start of the key."""
        text = normalize("NFC", key if self.is_whole else key.removeprefix(folder))
        names = [text.rpartition("/")[2]] if self.is_name else text.split("/")
        return _matches(self.parts, names)


def parse_glob(text: str) -> Glob:
    """Parse a glob.

    Raises:
        PatternInvalid: it is empty or too long, a bracket is open, a range is reversed, or ``**`` is not a whole part.
    """
    if not text.strip("/"):
        raise PatternInvalid("must not be empty")
    if len(text) > MAX_PATTERN_LENGTH:
        raise PatternInvalid(f"must be at most {MAX_PATTERN_LENGTH} characters long")
    if "\x00" in text:
        raise PatternInvalid("must not contain NUL")
    names = normalize("NFC", text).removeprefix("/").split("/")
    parts = [_part(name) for name in names]
    if parts[-1] is None:
        parts.append(_ANY_NAME)
    return Glob(tuple(parts), is_name="/" not in text and text != "**", is_whole=text.startswith("/"))


def _part(name: str) -> re.Pattern[str] | None:
    if name == "**":
        return None
    if "**" in name:
        raise PatternInvalid(f'"**" must be a whole part between slashes, not a piece of "{name}"')
    rest = _CLASS.sub("", name)
    if "[" in rest:
        raise PatternInvalid(f'has "[" without "]" in "{name}". Write [[] for the character itself')
    for bracket in _CLASS.findall(name):
        for first, last in _RANGE.findall(bracket[1:-1].removeprefix("!")):
            if first > last:
                raise PatternInvalid(f'has the range "{first}-{last}", which is in the wrong order')
    return re.compile(fnmatch.translate(name))


def _matches(parts: Sequence[re.Pattern[str] | None], names: Sequence[str]) -> bool:
    """Match part by part. On a mismatch, the last ``**`` takes one more name."""
    part = name = 0
    last_any, taken = -1, 0
    while name < len(names):
        expression = parts[part] if part < len(parts) else _NOTHING
        if expression is None:
            last_any, taken = part, name
            part += 1
        elif expression.fullmatch(names[name]):
            part, name = part + 1, name + 1
        elif last_any >= 0:
            taken += 1
            part, name = last_any + 1, taken
        else:
            return False
    return all(expression is None for expression in parts[part:])


_NOTHING: Final = re.compile(r"(?!)")
