"""Reading parts of the sound."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest

from scenedex.analysis.stages.recording import Recording, sample_at, time_of
from scenedex.timeline import Timecode

SOUND = np.arange(-500, 500, dtype=np.int16)


class ShortReads(io.BytesIO):
    """File that returns at most 7 bytes per read."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(7 if size is None or size < 0 else min(size, 7))


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 1000), (0, 1), (999, 1000), (-50, 10), (900, 1300), (1000, 1300), (500, 500), (7, 3)]
)
@pytest.mark.parametrize("kind", [io.BytesIO, ShortReads])
def test_a_read_returns_the_samples_that_exist(start: int, stop: int, kind: type[io.BytesIO]) -> None:
    recording = Recording(kind(SOUND.astype("<i2").tobytes()))

    np.testing.assert_array_equal(recording.read(start, stop), SOUND[max(0, start) : max(0, stop)])


def test_half_a_sample_at_the_end_does_not_count() -> None:
    recording = Recording(io.BytesIO(SOUND.astype("<i2").tobytes() + b"\x01"))

    assert recording.samples == 1000
    assert len(recording.read(990, 1010)) == 10


def test_no_sound_has_no_samples() -> None:
    recording = Recording(io.BytesIO())

    assert recording.samples == 0
    assert len(recording.read(0, 100)) == 0


@pytest.mark.parametrize("sample", [0, 1, 15_999, 123_457])
def test_a_sample_is_at_its_time(sample: int) -> None:
    assert sample_at(Timecode(time_of(sample))) == sample
    assert sample_at(Timecode(time_of(sample) + Fraction(1, 32_001))) == sample
