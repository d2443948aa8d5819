"""Bands that a telephone leaves out."""

from __future__ import annotations

import numpy as np

from scenedex.engines.voice import RATE
from scenedex.engines.voice.bandwidth import NARROW_HERTZ, widened


def harmonics(lowest: float, highest: float) -> np.ndarray:
    """Return 2 s of the harmonics of 150 Hz within a band."""
    at = np.arange(2 * RATE) / RATE
    pitches = [hertz for hertz in range(150, RATE // 2, 150) if lowest <= hertz <= highest]
    return (0.05 / len(pitches) ** 0.5 * sum(np.cos(2 * np.pi * hertz * at) for hertz in pitches)).astype(np.float32)


def power(sound: np.ndarray, lowest: float, highest: float) -> float:
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return float((np.abs(np.fft.rfft(sound)) ** 2)[(hertz >= lowest) & (hertz <= highest)].sum())


def test_sound_with_high_frequencies_is_unchanged() -> None:
    sound = harmonics(100, 7_500)

    assert widened(sound) is sound


def test_narrow_sound_gets_its_fundamental_and_its_high_harmonics() -> None:
    sound = harmonics(300, 3_400)

    wide = widened(sound)

    assert wide.dtype == np.float32
    assert wide.shape == sound.shape
    assert power(wide, 140, 160) > 1_000 * power(sound, 140, 160)
    assert power(wide, NARROW_HERTZ, RATE / 2) > 1_000 * power(sound, NARROW_HERTZ, RATE / 2)
    assert np.allclose(power(wide, 400, 3_000), power(sound, 400, 3_000), rtol=0.01)


def test_silence_remains_silence() -> None:
    assert not widened(np.zeros(RATE, np.float32)).any()
    assert len(widened(np.zeros(512, np.float32))) == 512
