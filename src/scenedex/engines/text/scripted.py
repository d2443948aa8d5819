"""A reader that knows its answers: the fake of the port."""

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
    """Finds and reads in a picture the lines that its script says; counts how often it looked and read.

    Args:
        script: the lines of a picture, from top to bottom.
        korean: what it pretends to read Korean with.
    """

    def __init__(self, script: Callable[[NDArray[np.uint8]], Sequence[TextLine]], korean: Engine | None = None) -> None:
        self.engine: Final = Engine("scripted", "1")
        self.korean: Engine | None = korean
        self._script = script
        self.looks = 0
        self.lines_read = 0

    def use_korean(self, reader: KoreanReader) -> None:
        """Pretend to read Korean with another reader; see `TextReader`."""
        self.korean = reader.engine

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int) -> Sequence[TextBox]:
        """Where the lines of the script are; see `TextReader`."""
        del longest_side
        self.looks += 1
        return [line.found for line in self._script(rgb)]

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        """The lines of the script at these places, and nothing at others; see `TextReader`."""
        self.lines_read += len(boxes)
        known = {line.found: line for line in self._script(rgb)}
        return [known.get(box, TextLine("", 0.0, box)) for box in boxes]

    def read(self, rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        """The lines of the script; see `TextReader`."""
        return list(self._script(rgb))
