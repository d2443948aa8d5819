"""The ports of text on screen: finding and reading lines, and reading one line in Korean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine

Point = tuple[float, float]
Polygon = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class TextBox:
    """Where a line of text seems to be.

    Attributes:
        polygon: corners in fractions of width and height, clockwise from where the line begins at its top.
        score: certainty that there is text, 0 to 1.
    """

    polygon: Polygon
    score: float

    @property
    def box(self) -> BoundingBox:
        """The upright rectangle around it."""
        across, down = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        return BoundingBox.within(min(across), min(down), max(across), max(down))


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text that was read.

    Attributes:
        text: what is written; empty where nothing could be read.
        confidence: certainty that this is all that is written there, 0 to 1; below `UNKNOWN` the script is unknown.
        found: where it is.
    """

    text: str
    confidence: float
    found: TextBox

    @property
    def box(self) -> BoundingBox:
        """The upright rectangle around it."""
        return self.found.box

    @property
    def polygon(self) -> Polygon:
        """Its corners; see `TextBox`."""
        return self.found.polygon


UNKNOWN = 0.5
"""Confidence under which a line is not in a script that the reader knows."""


class TextReader(Protocol):
    """Finds lines of text in pictures and reads them; keeps nothing from one picture to the next.

    Pictures are upright RGB of shape ``(height, width, 3)``, of any size from 1 x 1.
    """

    @property
    def engine(self) -> Engine:
        """What this reader is."""
        ...

    @property
    def korean(self) -> Engine | None:
        """What reads Korean for it, if anything does."""
        ...

    def use_korean(self, reader: KoreanReader) -> None:
        """Show lines in no known script to a reader of Korean. A reader that knows Korean itself may ignore it."""
        ...

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int) -> Sequence[TextBox]:
        """Where lines of text are, from top to bottom and left to right.

        The picture is looked at with its longer side reduced to ``longest_side`` pixels, at least 32: smaller is
        faster and misses small text.
        """
        ...

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        """What is written at these places: one line for each, in their order."""
        ...

    def read(self, rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        """What is written in a picture: finds and reads."""
        ...


@dataclass(frozen=True, slots=True)
class LineReading:
    """What was read in the picture of one line.

    Attributes:
        text: without spaces at its ends; empty where nothing could be read.
        certainty: of the characters that were read, 0 to 1 on average; 0 for no characters.
        coverage: share of the written part of the line that these characters explain, 0 to 1.
    """

    text: str
    certainty: float
    coverage: float

    @property
    def confidence(self) -> float:
        """Certainty that this is all that is written, 0 to 1."""
        return self.certainty * self.coverage


class KoreanReader(Protocol):
    """Reads one line that may be Korean."""

    @property
    def engine(self) -> Engine:
        """What this reader is."""
        ...

    def read_line(self, rgb: NDArray[np.uint8]) -> LineReading:
        """What is written in the picture of a line, upright RGB of shape ``(height, width, 3)``."""
        ...


TEXT: Final[Port[TextReader]] = Port("text", "text on screen")


KOREAN: Final[Port[KoreanReader]] = Port("korean", "Korean text on screen", stage="text")
