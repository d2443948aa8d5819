"""Passages of a scene: lines, texts and its summary, to be embedded by their meaning with their scene. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

LINE_SHARE: Final = 0.4
"""Share of a passage's own words in its vector. The other words of its kind in the scene have the rest.

Alone, lines are similar to queries by chance, and whole scenes hide what is said once. See `benchmarks/search`.
"""

MAX_PASSAGES: Final = 64
"""Maximum number of passages of a scene. Neighbours are joined if there would be more."""


class Timed(Protocol):
    """A line, text or summary with its time in milliseconds."""

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
    """Words to embed, and their time in milliseconds.

    Attributes:
        context: all words of the same kind in the scene, with these among them.
    """

    text: str
    start_ms: int
    end_ms: int
    context: str


def passages_of(texts: Iterable[Timed], lines: Iterable[Timed], summary: Timed | None = None) -> tuple[Passage, ...]:
    """Return the passages of a scene: its texts on screen, then its lines, then its summary. Equal ones occur once."""
    found: dict[str, Passage] = {}
    kinds = [
        sorted(_without_blanks(kind), key=lambda one: one.start_ms)
        for kind in (texts, lines, () if summary is None else (summary,))
    ]
    # The last part of a kind may be smaller. A summary is one part.
    size = max(1, math.ceil(sum(len(kind) for kind in kinds[:2]) / (MAX_PASSAGES - 1 - len(kinds[2]))))
    for kind in kinds:
        context = _text(kind)
        for first in range(0, len(kind), size):
            parts = kind[first : first + size]
            text, end_ms = _text(parts), max(part.end_ms for part in parts)
            found.setdefault(text, Passage(text, parts[0].start_ms, end_ms, context))
    return tuple(found.values())


def texts_of(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Return the texts whose vectors make those of passages, each once."""
    return tuple(dict.fromkeys(text for passage in passages for text in (passage.text, passage.context)))


def vectors_of_passages(
    passages: Iterable[Passage], vectors: Mapping[str, NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    """Return the unit vector of each passage, given the unit vectors of the texts of `texts_of`."""
    made: list[NDArray[np.float32]] = []
    for passage in passages:
        mixed = LINE_SHARE * vectors[passage.text] + (1 - LINE_SHARE) * vectors[passage.context]
        made.append((mixed / np.linalg.norm(mixed)).astype(np.float32))
    return made


def _without_blanks(kind: Iterable[Timed]) -> list[_Words]:
    return [_Words(one.text.strip(), one.start_ms, one.end_ms) for one in kind if one.text.strip()]


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    start_ms: int
    end_ms: int


def _text(parts: Sequence[_Words]) -> str:
    return "\n".join(dict.fromkeys(part.text for part in parts))
