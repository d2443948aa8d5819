from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.engines.drawn import place, shown
from scenedex.engines.shots.features import BINS, LAYOUT, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.drawn import ArrayFrame


def stacked(frames: Sequence[ArrayFrame]) -> list[NDArray[np.uint8]]:
    return [np.stack(planes) for planes in zip(*(frame.sampled_planes() for frame in frames), strict=True)]


def test_layout_is_the_mean_of_each_cell_of_each_plane() -> None:
    luma = np.kron(np.arange(144, dtype=np.uint8).reshape(9, 16), np.ones((8, 8), np.uint8))
    chroma = [np.full((1, 36, 64), level, np.uint8) for level in (90, 160)]

    layout = measure([luma[None], *chroma]).layout[0]

    assert layout == pytest.approx(np.concatenate([np.arange(144), np.full(144, 90), np.full(144, 160)]), abs=1e-3)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 2), (7, 300), (90, 160), (72, 41)])
def test_any_size_of_picture_is_measured(rows: int, columns: int) -> None:
    planes = [np.full((3, rows, columns), 50, np.uint8)] * 3

    features = measure(planes)

    assert features.layout.shape == (3, LAYOUT)
    assert features.layout[:, 0] == pytest.approx([50, 50, 50])
    assert features.histogram.shape == (3, BINS)
    assert features.histogram.sum(axis=1) == pytest.approx([1, 1, 1])
    assert features.variance == pytest.approx([0, 0, 0])


def test_frames_are_measured_one_by_one() -> None:
    planes = stacked(shown([place(1), place(2)]))

    together, alone = measure(planes), measure([plane[1:] for plane in planes])

    assert together.layout[1] == pytest.approx(alone.layout[0])
    assert together.histogram[1] == pytest.approx(alone.histogram[0])
    assert together.variance[1] == pytest.approx(float(np.var(planes[0][1])), rel=1e-3)


def test_a_slight_change_of_light_changes_the_histogram_slightly() -> None:
    flat = [np.full((72, 128), level, np.float32) for level in (31, 32, 120)]

    histogram = measure(stacked(shown(flat))).histogram

    assert np.abs(histogram[1] - histogram[0]).sum() <= 0.5
    assert np.abs(histogram[2] - histogram[0]).sum() == pytest.approx(2)
