"""Ports of text on screen: finding and reading lines, and reading one line in Korean."""

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
    """Place of a line of text.

    Attributes:
        polygon: corners in fractions of width and height, clockwise from the top of the beginning of the line.
        score: confidence that there is text, 0 to 1.
    """

    polygon: Polygon
    score: float

    @property
    def box(self) -> BoundingBox:
        """Upright rectangle around it."""
        across, down = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        return BoundingBox.within(min(across), min(down), max(across), max(down))


@dataclass(frozen=True, slots=True)
class TextLine:
    """Line of text with its place.

    Attributes:
        text: its text, empty if nothing was recognised.
        confidence: confidence in the whole line, 0 to 1. Below `UNKNOWN` the script is unknown.
        found: its place.
    """

    text: str
    confidence: float
    found: TextBox

    @property
    def box(self) -> BoundingBox:
        """Upright rectangle around it."""
        return self.found.box

    @property
    def polygon(self) -> Polygon:
        """Corners of its place."""
        return self.found.polygon


UNKNOWN = 0.5
"""Confidence below which a line is in a script that the reader does not know."""


class TextReader(Protocol):
    """Finds and reads lines of text. It keeps nothing from one picture to the next.

    Pictures are upright RGB of shape ``(height, width, 3)``, of any size from 1 x 1.
    """

    @property
    def engine(self) -> Engine:
        """Identity of the reader."""
        ...

    @property
    def korean(self) -> Engine | None:
        """Reader of Korean that it uses, `None` without one."""
        ...

    def use_korean(self, reader: KoreanReader) -> None:
        """Show lines in no known script to a reader of Korean. A reader that knows Korean itself may ignore it."""
        ...

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int) -> Sequence[TextBox]:
        """Return the places of lines, from top to bottom and left to right.

        The longer side of the picture is reduced to ``longest_side`` pixels, at least 32. Fewer are faster and miss
        small text.
        """
        ...

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        """Read these places: one line for each, in their order."""
        ...

    def read(self, rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        """Find and read the lines of a picture."""
        ...


@dataclass(frozen=True, slots=True)
class LineReading:
    """Result for the picture of one line.

    Attributes:
        text: its text without surrounding spaces, empty if nothing was recognised.
        certainty: mean confidence of the characters, 0 to 1, 0 without characters.
        coverage: share of the ink that these characters explain, 0 to 1.
    """

    text: str
    certainty: float
    coverage: float

    @property
    def confidence(self) -> float:
        """Confidence in the whole line, 0 to 1."""
        return self.certainty * self.coverage


class KoreanReader(Protocol):
    """Reads one line that may be Korean."""

    @property
    def engine(self) -> Engine:
        """Identity of the reader."""
        ...

    def read_line(self, rgb: NDArray[np.uint8]) -> LineReading:
        """Read the picture of a line, upright RGB of shape ``(height, width, 3)``."""
        ...


TEXT: Final[Port[TextReader]] = Port("text", "text on screen")


KOREAN: Final[Port[KoreanReader]] = Port("korean", "Korean text on screen", stage="text")
