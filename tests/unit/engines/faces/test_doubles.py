"""Boxes of the same face."""

from __future__ import annotations

import numpy as np

from scenedex.engines.faces.doubles import without_doubles

BOXES = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [2, 2, 6, 6], [40, 0, 50, 10]], np.float32)
CONFIDENCES = np.array([0.8, 0.9, 0.7, 0.6], np.float32)


def test_the_most_certain_of_boxes_that_overlap_is_kept() -> None:
    assert without_doubles(CONFIDENCES, BOXES, 0.5) == [1, 2, 3]


def test_a_box_within_another_is_a_double_by_the_area_of_the_smaller_one() -> None:
    assert without_doubles(CONFIDENCES, BOXES, 0.5, of_smaller=True) == [1, 3]


def test_no_boxes_have_no_doubles() -> None:
    assert without_doubles(np.zeros(0), np.zeros((0, 4)), 0.5) == []
