from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenedex.analysis.stages.stills import FrameCompressor
from scenedex.engines.drawn import shown, still

if TYPE_CHECKING:
    from numpy.typing import NDArray


def encode(rgb: NDArray[np.uint8], quality: int) -> bytes:
    return bytes([quality, *rgb.shape[:2]]) + rgb.tobytes()


def decode(jpeg: bytes, max_height: int) -> NDArray[np.uint8]:
    return np.frombuffer(jpeg[3:], np.uint8).reshape(jpeg[1], jpeg[2], 3)[:max_height]


def test_a_compressed_frame_has_the_time_planes_and_picture_of_the_original() -> None:
    (frame,) = shown(still(1, 1))

    compressed = FrameCompressor(encode, decode, max_height=40, quality=90)(frame)

    assert (compressed.index, compressed.time) == (frame.index, frame.time)
    assert compressed.sampled_planes() is frame.sampled_planes()
    assert np.array_equal(compressed.rgb(40), frame.rgb(40))
    assert compressed.jpeg[0] == 90
