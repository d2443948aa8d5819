"""Generated sample films."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from scenedex.media.demo_film import DEMO_RATE, demo_pictures, demo_sound
from scenedex.media.samples import SOUND_RATE, drifting, tone

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.integration.decoding.conftest import MakeSample


def test_a_sample_has_the_shots_that_were_asked_for(sample: MakeSample) -> None:
    with av.open(io.BytesIO(sample(frames=10)), "r") as container:
        pictures = [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]
    changes = [np.abs(one - other).mean() for one, other in pairwise(pictures)]
    assert len(pictures) == 10
    assert int(np.argmax(changes)) == 4


@pytest.mark.parametrize("codec", ["aac", "libopus", "pcm_s16le"])
def test_sound_is_as_long_as_the_pictures(sample: MakeSample, codec: str) -> None:
    data = sample(frames=25, container="matroska", sound=codec)
    with av.open(io.BytesIO(data), "r") as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert abs(samples - SOUND_RATE) < SOUND_RATE // 10


def test_a_texture_moves_and_is_the_same_each_time() -> None:
    assert np.array_equal(drifting(3)(7), drifting(3)(7))
    assert not np.array_equal(drifting(3)(7), drifting(3)(8))
    assert not np.array_equal(drifting(3)(7), drifting(4)(7))


def test_a_tone_lasts_as_long_as_asked() -> None:
    assert sum(len(block) for block in tone(Fraction(5, 2))) == SOUND_RATE * 5 // 2


def test_the_demo_cuts_dissolves_and_fades_where_it_should() -> None:
    small: list[NDArray[np.int16]] = [picture[::24, ::24].astype(np.int16) for picture in demo_pictures()]
    changes = [float(np.abs(one - other).mean()) for one, other in pairwise(small)]
    seconds = 5 * DEMO_RATE
    cuts = [number + 1 for number, change in enumerate(changes) if change > 30]
    assert len(small) == 29 * DEMO_RATE
    # The dissolve overlaps two scenes by a second. The fade goes through black.
    assert cuts == [seconds, 2 * seconds, 4 * seconds - DEMO_RATE]
    assert small[5 * seconds - DEMO_RATE].mean() < 1
    assert all(sum(changes[start : start + seconds]) > 1 for start in range(0, len(changes), seconds))


def test_the_demo_sounds_as_long_as_it_looks() -> None:
    blocks = list(islice(demo_sound(SOUND_RATE), 10))
    assert sum(len(block) for block in blocks) == 29 * SOUND_RATE
    assert all(0.01 < float(np.abs(block).max()) < 1 for block in blocks)
