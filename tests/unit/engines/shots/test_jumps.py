from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.engines.drawn import shown, speaker
from scenedex.engines.shots.features import CELLS, measure
from scenedex.engines.shots.jumps import is_jump

if TYPE_CHECKING:
    from numpy.typing import NDArray

AT = 20


def jumps(after: list[NDArray[np.float32]]) -> bool:
    """Return whether the picture jumps from a speaker to other pictures."""
    planes = [frame.sampled_planes() for frame in shown(speaker(0, AT) + after)]
    sketches = measure([np.stack([frame[channel] for frame in planes]) for channel in range(3)]).sketch
    return is_jump(sketches, AT, np.ones(CELLS, np.bool_))


def enlarged(picture: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    rows, columns = (((np.arange(n) - n / 2) / by + n / 2).astype(np.int64) for n in (72, 128))
    return picture[rows][:, columns]


@pytest.mark.parametrize("zoom", [1.0, 1.1])
def test_a_speaker_who_is_elsewhere_at_once_jumps(zoom: float) -> None:
    assert jumps([enlarged(picture, zoom) for picture in speaker(12, AT)])


def test_a_speaker_who_moves_does_not_jump() -> None:
    assert not jumps(speaker(0, AT))


def test_a_light_does_not_make_a_speaker_jump() -> None:
    lamp = np.linspace(1, 1.6, 128, dtype=np.float32)

    assert not jumps([picture * lamp for picture in speaker(0, AT)])


def test_another_lens_does_not_make_a_speaker_jump() -> None:
    assert not jumps([enlarged(picture, 1.3) for picture in speaker(0, AT)])


def test_a_picture_that_was_held_does_not_jump() -> None:
    held = [speaker(12, 1)[0]] * AT

    assert not jumps(held)
