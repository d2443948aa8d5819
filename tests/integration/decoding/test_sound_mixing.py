"""Mixing frames of any form."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from av.audio.resampler import AudioResampler

from scenedex.media.sound_mixing import RATE, Mixer

if TYPE_CHECKING:
    from numpy.typing import NDArray


def frame(channels: NDArray[np.float32], form: str, layout: str) -> av.AudioFrame:
    """A frame of ``(n, channels)`` in any sample format."""
    made = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels).reshape(1, -1), format="flt", layout=layout)
    made.sample_rate, made.pts, made.time_base = RATE, 0, Fraction(1, RATE)
    (converted,) = AudioResampler(format=form).resample(made)
    return converted


def mixed(shown: av.AudioFrame) -> NDArray[np.int16]:
    mixer = Mixer(shown)
    return np.concatenate([*mixer.feed(shown), *mixer.finish()])


@pytest.mark.parametrize("form", ["u8", "s16", "s32", "flt", "dbl", "u8p", "s16p", "s32p", "fltp", "dblp"])
@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("7.1", 8), ("16 channels", 16), ("48 channels", 48)])
def test_every_sample_format_keeps_its_loudness(form: str, layout: str, channels: int) -> None:
    wave = (np.sin(np.arange(RATE) * 0.1) * 0.5).astype(np.float32)
    samples = np.zeros((RATE, channels), np.float32)
    samples[:, 0] = wave
    samples[:, -1] = wave

    got = mixed(frame(samples, form, layout))

    assert len(got) == RATE
    gain = float((got / 32768 @ wave) / (wave @ wave))
    assert gain == pytest.approx(1, abs=0.05)
    assert np.abs(got / 32768 - gain * wave).max() < 0.02


def test_what_is_no_number_is_silence() -> None:
    samples = np.full((RATE, 16), np.nan, np.float32)

    assert not mixed(frame(samples, "flt", "16 channels")).any()
