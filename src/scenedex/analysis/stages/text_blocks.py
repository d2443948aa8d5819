"""Blocks of two lines that touch, such as titles in heavy letters, which were found as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.engines.text import TextBox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.text import TextLine, TextReader
    from scenedex.engines.text.port import Point

_DOUBTFUL: Final = 0.95
"""Confidence below which a high line is read as two as well."""

_SURE: Final = 0.9
_MIN_LETTERS: Final = 2
"""Minimum confidence and number of letters of each of the two lines."""

_MIN_HEIGHT: Final = 0.12
_MIN_ASPECT, _MAX_ASPECT = 1.0, 4.0
"""Height of a block as a share of the picture's, and its width over its height in pixels."""


def read_lines(reader: TextReader, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> list[TextLine]:
    """Read these places, one line for each, or two for each that is a block of two lines."""
    read = list(reader.read_at(rgb, boxes))
    blocks = [number for number, line in enumerate(read) if line.confidence < _DOUBTFUL and _may_be_block(line, rgb)]
    if not blocks:
        return read
    halves = reader.read_at(rgb, [half for number in blocks for half in _halves(read[number].found)])
    pairs = dict(zip(blocks, zip(halves[::2], halves[1::2], strict=True), strict=True))
    lines: list[TextLine] = []
    for number, line in enumerate(read):
        pair = pairs.get(number, ())
        lines += pair if pair and all(map(_is_line, pair)) else [line]
    return lines


def _may_be_block(line: TextLine, rgb: NDArray[np.uint8]) -> bool:
    height, width = rgb.shape[:2]
    box = line.box
    return box.height >= _MIN_HEIGHT and _MIN_ASPECT <= box.width * width / (box.height * height) <= _MAX_ASPECT


def _halves(block: TextBox) -> Iterator[TextBox]:
    """Yield the upper and the lower half of a place."""
    a, b, c, d = block.polygon
    left, right = _middle(a, d), _middle(b, c)
    yield TextBox((a, b, right, left), block.score)
    yield TextBox((left, right, c, d), block.score)


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _is_line(line: TextLine) -> bool:
    return line.confidence >= _SURE and sum(map(str.isalnum, line.text)) >= _MIN_LETTERS
