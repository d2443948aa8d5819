"""Passages of a scene: lines and texts, short ones with their neighbours, to be embedded by their meaning. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIN_LENGTH: Final = 120
"""Length from which a line or text is a passage of its own. Shorter ones are joined with their neighbours.

Queries without an answer find shorter passages by chance. See `benchmarks/search`.
"""

MAX_PASSAGES: Final = 64
"""Maximum number of passages of a scene. Neighbours are joined if there would be more."""

MAX_GAP_MS: Final = 8000
"""Maximum time between neighbours that are joined."""

# A character of these scripts is as long as this many letters.
_DENSE: Final = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_LETTERS_OF_DENSE: Final = 2


class Timed(Protocol):
    """A line or text with its time in milliseconds."""

    @property
    def text(self) -> str:
        """The words."""
        ...

    @property
    def start_ms(self) -> int:
        """The start."""
        ...

    @property
    def end_ms(self) -> int:
        """The end."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """Words to embed, and the time of the line or text in their middle, in milliseconds."""

    text: str
    start_ms: int
    end_ms: int


def passages_of(texts: Iterable[Timed], lines: Iterable[Timed]) -> tuple[Passage, ...]:
    """Return the passages of a scene: those of its texts on screen, then those of its lines. Equal ones occur once.

    Each line or text has a passage in which it is in the middle. Neighbours are added until it is `MIN_LENGTH` long.
    """
    found: dict[str, Passage] = {}
    kinds = [sorted(_without_blanks(kind), key=lambda one: one.start_ms) for kind in (texts, lines)]
    # The last part of a kind may be smaller.
    size = math.ceil(sum(len(kind) for kind in kinds) / (MAX_PASSAGES - 1))
    for kind in kinds:
        parts = [_joined(kind[first : first + size]) for first in range(0, len(kind), max(size, 1))]
        for place in range(len(parts)):
            passage = _around(parts, place)
            found.setdefault(passage.text, passage)
    return tuple(found.values())


def _without_blanks(kind: Iterable[Timed]) -> list[Passage]:
    return [Passage(one.text.strip(), one.start_ms, one.end_ms) for one in kind if one.text.strip()]


def _joined(parts: Sequence[Passage]) -> Passage:
    return Passage(_text(parts), parts[0].start_ms, max(part.end_ms for part in parts))


def _around(parts: Sequence[Passage], place: int) -> Passage:
    """Return a part with as many neighbours as it needs. Its time stays."""
    first = last = place
    length = _length(parts[place].text)
    while length < MIN_LENGTH:
        before, after = first - 1, last + 1
        has_before = before >= 0 and parts[first].start_ms - parts[before].end_ms <= MAX_GAP_MS
        has_after = after < len(parts) and parts[after].start_ms - parts[last].end_ms <= MAX_GAP_MS
        if not has_before and not has_after:
            break
        # The answer to a question is after it, and both sides take turns.
        if has_after and (not has_before or last - place <= place - first):
            last, length = after, length + _length(parts[after].text)
        else:
            first, length = before, length + _length(parts[before].text)
    return Passage(_text(parts[first : last + 1]), parts[place].start_ms, parts[place].end_ms)


def _text(parts: Iterable[Passage]) -> str:
    return "\n".join(dict.fromkeys(part.text for part in parts))


def _length(text: str) -> int:
    return len(text) + (_LETTERS_OF_DENSE - 1) * len(_DENSE.findall(text))
