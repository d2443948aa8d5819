"""Selection of the stills that are searched for text."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from networks_text import latin, plain, soft, written
from scenedex.analysis.stages.text_stills import KEYFRAME, PICTURE, USUAL, Search, StillSelector
from scenedex.analysis.stages.text_strokes import Sketch
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CAPTION = Sketch.of(written(soft(1), (110, 250), "A quiet morning", latin(36)))
EMPTY = Sketch.of(plain())


def searches(
    sketches: Sequence[Sketch], *, is_picture: bool = False, is_following: bool = False, keyframe: int | None = None
) -> list[Search | None]:
    """Return the searches of two stills per second."""
    selector = StillSelector(is_picture=is_picture)
    times = [Timecode(Fraction(number, 2)) for number in range(len(sketches) + 1)]
    return [
        selector.select(
            times[number],
            sketch,
            times[number + 1],
            is_keyframe=number == keyframe,
            is_following=is_following,
            has_doubtful=False,
        )
        for number, sketch in enumerate(sketches)
    ]


def restless(number: int) -> NDArray[np.uint8]:
    """Return a picture full of edges that are elsewhere in the next one."""
    return np.random.default_rng(number).integers(0, 255, (180, 320, 3), dtype=np.uint8).repeat(2, 0).repeat(2, 1)


def test_writing_is_searched_when_it_appears_and_not_while_it_stays() -> None:
    assert searches([EMPTY, EMPTY, CAPTION, CAPTION, CAPTION]) == [None, None, USUAL, None, None]


def test_a_keyframe_and_a_picture_are_searched_more_closely() -> None:
    assert searches([EMPTY, CAPTION], keyframe=1) == [None, KEYFRAME]
    assert searches([CAPTION], is_picture=True) == [PICTURE]
    assert searches([EMPTY], is_picture=True) == [None]


def test_a_restless_picture_is_searched_every_two_seconds_or_every_second_while_text_moves() -> None:
    sketches = [Sketch.of(restless(number)) for number in range(9)]

    seldom, often = (searches(sketches, is_following=following) for following in (False, True))

    assert [number for number, search in enumerate(seldom) if search] == [0, 4, 8]
    assert [number for number, search in enumerate(often) if search] == [0, 2, 4, 6, 8]


def test_writing_over_a_restless_picture_is_searched_once_it_is_steady() -> None:
    pictures = [restless(number) for number in range(7)]
    for number in (3, 4, 5, 6):
        pictures[number] = written(pictures[number], (110, 250), "A quiet morning", latin(48))

    found = searches([Sketch.of(picture) for picture in pictures])

    assert [number for number, search in enumerate(found) if search][:2] == [0, 4]
