"""Filter banks as defined by the authors of the networks."""

from __future__ import annotations

import cmath
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from networks_sounds import noise, silence, tone
from scenedex.engines.fbank import DecibelFilterBank, KaldiFilterBank, mel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

KALDI = KaldiFilterBank(80)
DECIBELS = DecibelFilterBank(64)


def spectrum(frame: Sequence[float]) -> list[float]:
    """Return the power of 257 lines by the definition of the transform."""
    turns = [cmath.exp(-2j * cmath.pi * n / 512) for n in range(512)]
    return [abs(sum(value * turns[k * n % 512] for n, value in enumerate(frame))) ** 2 for k in range(257)]


def kaldi_frame(samples: Sequence[int], bands: int) -> list[float]:
    """Compute one frame step by step, as in Kaldi's documentation."""
    mean = sum(samples) / 400
    centred = [sample - mean for sample in samples]
    emphasised = [centred[n] - 0.97 * centred[max(n - 1, 0)] for n in range(400)]
    windowed = [(0.54 - 0.46 * math.cos(2 * math.pi * n / 399)) * value for n, value in enumerate(emphasised)]
    power = spectrum(windowed)[:256]

    def mels(hertz: float) -> float:
        return 1127 * math.log(1 + hertz / 700)

    step = (mels(8000) - mels(20)) / (bands + 1)
    logs: list[float] = []
    for band in range(bands):
        left = mels(20) + band * step
        energy = 0.0
        for line in range(256):
            place = mels(line * 31.25)
            if left < place < left + 2 * step:
                energy += power[line] * (1 - abs(place - left - step) / step)
        logs.append(math.log(max(energy, 1.1920929e-07)))
    return logs


def test_kaldi_frames_are_those_of_the_definition() -> None:
    samples = (noise(0.035, amplitude=400) + tone(700, 0.035, amplitude=3000)).astype(np.int16)

    found = KaldiFilterBank(23)(samples)

    wanted = [kaldi_frame(samples[start : start + 400].tolist(), 23) for start in (0, 160)]
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98)])
def test_kaldi_counts_whole_frames(samples: int, frames: int) -> None:
    assert KALDI(np.zeros(samples, np.int16)).shape == (frames, 80)


def test_kaldi_silence_is_the_logarithm_of_the_least_energy() -> None:
    np.testing.assert_allclose(KALDI(silence(0.1)), math.log(1.1920929e-07), rtol=1e-6)


def test_kaldi_does_not_hear_a_constant() -> None:
    assert np.array_equal(KALDI(np.full(1000, 1234, np.int16)), KALDI(np.zeros(1000, np.int16)))


def test_kaldi_adds_the_logarithm_of_the_gain() -> None:
    quiet = noise(0.2, amplitude=1000)

    np.testing.assert_allclose(KALDI((quiet * 4).astype(np.int16)) - KALDI(quiet), 2 * math.log(4), atol=1e-3)


@pytest.mark.parametrize("hertz", [200, 440, 1000, 3000, 7000])
@pytest.mark.parametrize("kind", ["kaldi", "decibels"])
def test_a_tone_is_loudest_in_its_band(hertz: float, kind: str) -> None:
    sound = tone(hertz, 0.5)
    if kind == "kaldi":
        bands, lowest = KALDI(sound).mean(axis=0), 20
    else:
        bands, lowest = DECIBELS(sound).mean(axis=1), 0
    middles = np.linspace(mel(lowest), mel(8000), len(bands) + 2)[1:-1]

    step = middles[1] - middles[0]
    assert abs(middles[int(bands.argmax())] - mel(hertz)) <= step


@pytest.mark.parametrize(("samples", "frames"), [(1, 1), (100, 1), (160, 2), (16_000, 101), (48_000, 301)])
def test_decibels_have_a_frame_around_every_hop(samples: int, frames: int) -> None:
    assert DECIBELS(np.ones(samples, np.int16)).shape == (64, frames)


def test_decibels_are_those_of_the_definition() -> None:
    samples = noise(0.064, amplitude=2000)

    found = DecibelFilterBank(20)(samples)[:, 3]

    frame = samples[3 * 160 - 256 : 3 * 160 + 256].astype(np.float64) / 32_768
    power = spectrum((frame * [0.5 - 0.5 * math.cos(2 * math.pi * n / 512) for n in range(512)]).tolist())
    edges = [700 * (10 ** (m / 2595) - 1) for m in np.linspace(0, 2595 * math.log10(1 + 8000 / 700), 22)]
    wanted = [
        10 * math.log10(sum(p * weight(31.25 * k, edges[b : b + 3]) for k, p in enumerate(power))) for b in range(20)
    ]
    np.testing.assert_allclose(found, wanted, atol=1e-2)


def weight(hertz: float, edges: Sequence[float]) -> float:
    lower, middle, upper = edges
    return max(0, min((hertz - lower) / (middle - lower), (upper - hertz) / (upper - middle)))


def test_decibels_lie_at_most_120_below_the_loudest() -> None:
    sound: NDArray[np.int16] = np.concatenate([silence(0.5), noise(0.5, amplitude=30_000)])

    found = DECIBELS(sound)

    assert found.max() - found.min() <= 120


def test_decibels_of_silence_are_the_least_there_are() -> None:
    np.testing.assert_allclose(DECIBELS(silence(0.2)), -100)
