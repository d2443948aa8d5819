"""Fake of the port: a reader with scripted results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.engines.engine import Engine
from scenedex.engines.text.port import TextLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.text.port import KoreanReader, TextBox


class ScriptedTextReader:
    """Finds and reads the lines that its script returns for a picture, from top to bottom, and counts its calls."""

    def __init__(self, script: Callable[[NDArray[np.uint8]], Sequence[TextLine]]) -> None:
        self.engine: Final = Engine("scripted", "1")
        self.korean: Engine | None = None
        self._script = script
        self.looks = 0
        self.lines_read = 0

    def use_korean(self, reader: KoreanReader) -> None:
        """Report another reader of Korean."""
        self.korean = reader.engine

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int, first_side: int | None = None) -> Sequence[TextBox]:
        """Return the places of the scripted lines."""
        del longest_side, first_side
        self.looks += 1
        return [line.found for line in self._script(rgb)]

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        """Return the scripted lines at these places, empty lines at others."""
        self.lines_read += len(boxes)
        known = {line.found: line for line in self._script(rgb)}
        return [known.get(box, TextLine("", 0.0, box)) for box in boxes]

    def read(self, rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        """Return the scripted lines."""
        return list(self._script(rgb))
