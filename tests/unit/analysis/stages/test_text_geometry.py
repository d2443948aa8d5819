"""Positions and movement of boxes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.text_geometry import is_one_row, is_plausible_move, moved_by, share_inside
from scenedex.timeline import BoundingBox

LINE = BoundingBox(0.2, 0.5, 0.4, 0.1)
shares = st.floats(0, 1)
boxes = st.builds(BoundingBox.within, shares, shares, shares, shares)


@given(boxes, boxes)
def test_the_part_inside_is_a_share(one: BoundingBox, other: BoundingBox) -> None:
    assert 0 <= share_inside(one, other) <= 1 + 1e-9


@given(boxes, st.tuples(st.floats(-2, 2), st.floats(-2, 2)), st.floats(0, 5))
def test_a_moved_box_is_clipped_to_the_picture(box: BoundingBox, drift: tuple[float, float], seconds: float) -> None:
    moved = moved_by(box, drift, seconds)

    assert moved.width <= box.width + 1e-9
    assert moved.height <= box.height + 1e-9


def test_parts_of_a_line_are_in_its_row() -> None:
    assert is_one_row(LINE, BoundingBox(0.4, 0.51, 0.4, 0.09))
    assert not is_one_row(LINE, BoundingBox(0.7, 0.5, 0.2, 0.1))
    assert not is_one_row(LINE, BoundingBox(0.2, 0.58, 0.4, 0.1))


def test_a_line_moves_straight_and_keeps_its_size() -> None:
    assert is_plausible_move(LINE, BoundingBox(0.2, 0.3, 0.4, 0.1), 0.25)
    assert not is_plausible_move(LINE, BoundingBox(0.2, 0.2, 0.4, 0.1), 0.25)
    assert not is_plausible_move(LINE, BoundingBox(0.4, 0.3, 0.4, 0.1), 0.25)
    assert not is_plausible_move(LINE, BoundingBox(0.2, 0.3, 0.2, 0.1), 0.25)


def test_the_edge_of_the_picture_may_have_cut_a_line_off() -> None:
    assert is_plausible_move(BoundingBox(0.2, 0.95, 0.4, 0.05), BoundingBox(0.2, 0.8, 0.4, 0.1), 0.25)
