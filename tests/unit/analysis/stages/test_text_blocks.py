"""Blocks of two lines that were found as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.analysis.stages.text_blocks import read_lines
from scenedex.engines.text import ScriptedTextReader, TextBox, TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PICTURE = np.zeros((480, 854, 3), np.uint8)
BLOCK = TextBox(((0.2, 0.2), (0.7, 0.2), (0.7, 0.6), (0.2, 0.6)), 0.9)


class BlockReader(ScriptedTextReader):
    """Reads the block as one line, and its halves as it is told."""

    def __init__(self, whole: float, *halves: tuple[str, float]) -> None:
        super().__init__(lambda _: ())
        self._whole, self._halves = whole, halves

    def read_at(self, rgb: NDArray[np.uint8], boxes: Sequence[TextBox]) -> Sequence[TextLine]:
        del rgb
        if len(boxes) == 2:
            return [TextLine(text, sure, box) for (text, sure), box in zip(self._halves, boxes, strict=True)]
        return [TextLine("BUNKYK", self._whole, box) for box in boxes]


def test_a_doubtful_block_is_read_as_two_lines() -> None:
    lines = read_lines(BlockReader(0.76, ("Big Buck", 0.98), ("BUNNY", 1.0)), PICTURE, [BLOCK])

    assert [line.text for line in lines] == ["Big Buck", "BUNNY"]
    assert [line.box.top for line in lines] == pytest.approx([0.2, 0.4])
    assert [line.box.height for line in lines] == pytest.approx([0.2, 0.2])


@pytest.mark.parametrize(
    "reader",
    [
        BlockReader(0.99, ("Big Buck", 0.98), ("BUNNY", 1.0)),
        BlockReader(0.76, ("Big Buck", 0.6), ("BUNNY", 1.0)),
        BlockReader(0.76, ("B", 0.98), ("BUNNY", 1.0)),
    ],
    ids=["sure", "unsure-half", "a-letter"],
)
def test_other_lines_are_one(reader: BlockReader) -> None:
    assert [line.text for line in read_lines(reader, PICTURE, [BLOCK])] == ["BUNKYK"]


def test_a_low_line_is_one() -> None:
    low = TextBox(((0.2, 0.2), (0.4, 0.2), (0.4, 0.25), (0.2, 0.25)), 0.9)

    assert [line.text for line in read_lines(BlockReader(0.5), PICTURE, [low])] == ["BUNKYK"]
