"""Resampling of pictures to another size, shape or place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.engines.faces.sampling import grey, resize, similarity, warp

SIDES = st.integers(1, 70)


def ramp(height: int, width: int) -> np.ndarray:
    across, down = np.arange(width), np.arange(height)[:, None]
    return np.stack([across + 0 * down, down + 0 * across, 0 * across + 0 * down], axis=2).astype(np.uint8)


@given(SIDES, SIDES, SIDES, SIDES)
def test_resizing_keeps_an_even_picture_even(height: int, width: int, rows: int, columns: int) -> None:
    small = resize(np.full((height, width, 3), 77, np.uint8), rows, columns)

    assert small.shape == (rows, columns, 3)
    assert small == pytest.approx(77)


def test_resizing_averages_what_it_takes_together() -> None:
    stripes = np.tile(np.array([0, 200], np.uint8), (8, 20))

    assert resize(stripes, 4, 20) == pytest.approx(100)


@pytest.mark.parametrize("scale", [2, 3])
def test_enlarging_a_slope_leaves_a_slope(scale: int) -> None:
    large = resize(ramp(10, 20), 10 * scale, 20 * scale)

    assert np.diff(large[0, scale:-scale, 0]) == pytest.approx(1 / scale, abs=1e-5)


def test_grey_is_luma() -> None:
    colours = np.array([[[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)

    assert grey(colours)[0] == pytest.approx([255, 76, 149, 29], abs=1)


def test_warping_looks_where_the_matrix_says_and_is_black_outside() -> None:
    picture = ramp(60, 60)

    seen = warp(picture, np.array([[0.5, 0, 40.0], [0, 0.5, 10.0]]), 64)

    assert seen[0, :20, 0] == pytest.approx(40 + np.arange(20) / 2)
    assert seen[:20, 0, 1] == pytest.approx(10 + np.arange(20) / 2)
    assert seen[:, 42:].max() == 0


@given(st.floats(-3, 3), st.floats(0.1, 9), st.floats(-50, 50), st.floats(-50, 50))
def test_a_similarity_is_found_again(angle: float, scale: float, x: float, y: float) -> None:
    source = np.array([[38.0, 51.0], [73.0, 51.0], [56.0, 71.0], [41.0, 92.0], [70.0, 92.0]])
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    matrix = similarity(source, source @ turn.T + np.array([x, y]))

    assert matrix == pytest.approx(np.hstack([turn, [[x], [y]]]), abs=1e-6)


def test_points_that_fall_together_give_a_finite_matrix() -> None:
    assert np.isfinite(similarity(np.ones((5, 2)), np.ones((5, 2)))).all()
