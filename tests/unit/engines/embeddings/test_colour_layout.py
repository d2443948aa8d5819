from __future__ import annotations

import numpy as np
import pytest

from scenedex.engines.embeddings.mpeg7 import colour_layout

Y, CB, CR = slice(0, 6), slice(6, 9), slice(9, 12)


def plain(red: int, green: int, blue: int) -> np.ndarray:
    return np.full((64, 96, 3), (red, green, blue), np.uint8)


def test_a_grey_picture_has_neutral_chroma_and_no_frequencies() -> None:
    layout = colour_layout(plain(128, 128, 128))

    np.testing.assert_allclose(layout[[1, 2, 3, 4, 5, 7, 8, 10, 11]], 0.5, atol=1e-4)
    assert layout[6] == pytest.approx(0.5, abs=0.01)
    assert layout[9] == pytest.approx(0.5, abs=0.01)


def test_brightness_is_the_first_coefficient() -> None:
    levels = [float(colour_layout(plain(grey, grey, grey))[0]) for grey in (0, 60, 120, 180, 255)]

    assert levels == sorted(levels)
    assert levels[0] < 0.05
    assert levels[-1] > 0.9


@pytest.mark.parametrize(
    ("colour", "blue_rises", "red_rises"), [((0, 0, 255), True, False), ((255, 0, 0), False, True)]
)
def test_colours_move_their_means(colour: tuple[int, int, int], blue_rises: bool, red_rises: bool) -> None:
    layout = colour_layout(plain(*colour))

    assert (layout[CB][0] > 0.6) == blue_rises
    assert (layout[CR][0] > 0.6) == red_rises


def test_the_second_coefficient_sees_left_and_right_and_the_third_above_and_below() -> None:
    ramp = np.repeat(np.linspace(0, 255, 80).astype(np.uint8)[None, :, None], 80, axis=0).repeat(3, axis=2)

    from_left = colour_layout(ramp)
    from_above = colour_layout(np.ascontiguousarray(ramp.transpose(1, 0, 2)))

    assert from_left[1] < 0.3
    assert from_left[2] == pytest.approx(0.5, abs=1e-3)
    assert from_above[2] == pytest.approx(float(from_left[1]), abs=1e-3)
    assert colour_layout(ramp[:, ::-1])[1] == pytest.approx(1 - float(from_left[1]), abs=1e-3)


def test_all_numbers_lie_from_0_to_1() -> None:
    noise = np.random.default_rng(1).integers(0, 2, (8, 8, 3), np.uint8) * 255

    layout = colour_layout(noise)

    assert layout.shape == (12,)
    assert float(layout.min()) >= 0
    assert float(layout.max()) <= 1
