from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenedex.analysis.stages.stills import FramePress
from scenedex.engines.drawn import shown, still

if TYPE_CHECKING:
    from numpy.typing import NDArray


def encode(rgb: NDArray[np.uint8], quality: int) -> bytes:
    return bytes([quality, *rgb.shape[:2]]) + rgb.tobytes()


def decode(jpeg: bytes, max_height: int) -> NDArray[np.uint8]:
    return np.frombuffer(jpeg[3:], np.uint8).reshape(jpeg[1], jpeg[2], 3)[:max_height]


def test_a_pressed_frame_stands_for_the_whole_one() -> None:
    (frame,) = shown(still(1, 1))

    pressed = FramePress(encode, decode, max_height=40, quality=90)(frame)

    assert (pressed.index, pressed.time) == (frame.index, frame.time)
    assert pressed.sampled_planes() is frame.sampled_planes()
    assert np.array_equal(pressed.rgb(40), frame.rgb(40))
    assert pressed.jpeg[0] == 90
