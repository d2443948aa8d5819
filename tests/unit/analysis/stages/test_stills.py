from __future__ import annotations

import numpy as np

from scenedex.analysis.stages.stills import CompressedFrame
from scenedex.engines.drawn import shown, still


def test_a_compressed_frame_has_the_time_planes_and_picture_of_the_original() -> None:
    (frame,) = shown(still(1, 1))

    compressed = CompressedFrame.of(frame, 40)

    assert (compressed.index, compressed.time) == (frame.index, frame.time)
    assert compressed.sampled_planes() is frame.sampled_planes()
    assert np.abs(compressed.rgb(40).astype(int) - frame.rgb(40)).mean() < 2
