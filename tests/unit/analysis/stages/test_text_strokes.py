"""Detection of changed writing, and recognition of lines."""

from __future__ import annotations

import numpy as np
import pytest

from networks_text import latin, plain, soft, written
from scenedex.analysis.stages.text_strokes import Sketch, Strokes
from scenedex.timeline import BoundingBox

BOX = BoundingBox(0.15, 0.68, 0.5, 0.18)
FONT = latin(36)


def caption(seed: int, *, at: tuple[float, float] = (110, 250), share: float = 1.0) -> Sketch:
    return Sketch.of(written(soft(seed), at, "A quiet morning", FONT, share=share))


def test_writing_that_appears_is_a_difference_and_writing_that_disappears_is_none() -> None:
    assert caption(1).writing(not_in=Sketch.of(soft(1))).any()
    assert not Sketch.of(soft(1)).writing(not_in=caption(1)).any()


def test_a_digit_that_changes_is_a_difference() -> None:
    one, two = (Sketch.of(written(soft(1), (110, 250), f"Goals {n}", latin(24))) for n in (1, 2))

    assert two.writing(not_in=one).any()


def test_steady_writing_is_that_which_another_sketch_has_too() -> None:
    assert caption(1).writing(also_in=caption(2)).any()
    assert not caption(1).writing(also_in=caption(1, at=(160, 120))).any()


def test_writing_that_stays_is_no_difference() -> None:
    grain = np.random.default_rng(1).normal(0, 3, (360, 640, 3))
    shown = written(soft(1), (110, 250), "A quiet morning", FONT)
    noisy = np.clip(shown + grain, 0, 255).astype(np.uint8)

    assert not Sketch.of(noisy).writing(not_in=Sketch.of(shown)).any()


@pytest.mark.parametrize("level", [0, 90, 255])
def test_there_is_no_writing_in_a_plain_picture(level: int) -> None:
    assert not Sketch.of(plain(level)).writing().any()
    assert caption(1).writing().any()


def test_a_box_with_writing_is_detected() -> None:
    assert caption(1).is_written(BOX)
    assert not caption(1).is_written(BoundingBox(0.15, 0.1, 0.5, 0.18))
    assert not Sketch.of(soft(1)).is_written(BoundingBox(0, 0, 1, 1))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_line_is_found_over_any_picture(seed: int) -> None:
    assert Strokes(caption(1), BOX).find(caption(seed)) == (0, 0)


def test_a_line_is_not_found_without_its_text() -> None:
    strokes = Strokes(caption(1), BOX)

    assert strokes.find(Sketch.of(soft(1))) is None
    assert strokes.find(Sketch.of(written(soft(1), (110, 250), "Another evening", FONT))) is None


def test_a_line_is_found_while_it_fades() -> None:
    assert Strokes(caption(1), BOX).find(caption(1, share=0.5)) == (0, 0)


def test_a_line_is_found_where_it_moved() -> None:
    strokes = Strokes(caption(1), BOX)
    moved = caption(1, at=(110, 150))

    assert strokes.find(moved) is None
    assert strokes.find(moved, (1, -98)) == (0, -100)


def test_a_changed_part_is_detected() -> None:
    first, second = (Sketch.of(written(soft(1), (110, 250), f"Chapter {n}", FONT)) for n in (1, 2))
    strokes = Strokes(first, BOX)

    assert strokes.find(second) == (0, 0)
    assert not strokes.is_whole(second, (0, 0))
    assert strokes.is_whole(first, (0, 0))
    assert not strokes.is_in(second)


def test_pruned_strokes_are_those_of_the_line() -> None:
    strokes = Strokes(caption(1), BOX)

    strokes.prune(caption(2), (0, 0))

    assert strokes.is_in(caption(3))
    assert strokes.find(Sketch.of(soft(1))) is None


def test_no_strokes_are_never_found() -> None:
    strokes = Strokes(Sketch.of(plain()), BOX)
    released = Strokes(caption(1), BOX)

    released.release()

    assert strokes.find(Sketch.of(plain())) is None
    assert released.find(caption(1)) is None


def test_a_picture_of_another_size_does_not_hold_the_line() -> None:
    assert Strokes(caption(1), BOX).find(Sketch.of(plain(size=(320, 180)))) is None
    assert caption(1).writing(not_in=Sketch.of(plain(size=(320, 180)))).any()


@pytest.mark.parametrize("size", [(1, 1), (2, 700), (1280, 3), (1281, 721)])
def test_pictures_of_any_size_have_a_sketch(size: tuple[int, int]) -> None:
    sketch = Sketch.of(soft(1, size=size))

    assert Strokes(sketch, BoundingBox(0, 0, 1, 1)).find(sketch) in {None, (0, 0)}
