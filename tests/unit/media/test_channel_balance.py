"""Mixing of channels that are copies, opposites or independent of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.media.channel_balance import Balance, is_plain, is_safe_to_add, weights_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000
WINDOW = RATE // 4


def voice(seed: int, windows: int = 12) -> NDArray[np.float32]:
    """Noise with the spectrum and the syllables of speech."""
    rng = np.random.default_rng(seed)
    count = windows * WINDOW
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum *= 1 / (1 + np.fft.rfftfreq(count, 1 / RATE) / 400)
    syllables = 1 + np.sin(np.arange(count) * 2 * np.pi * 4 / RATE + seed)
    samples = np.fft.irfft(spectrum, count) * syllables
    return (0.2 * samples / np.abs(samples).max()).astype(np.float32)


def delayed(samples: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    return np.concatenate([np.zeros(by, np.float32), samples])[: len(samples)]


def mixed(*channels: NDArray[np.float32]) -> NDArray[np.float32]:
    balance, whole = Balance(RATE), np.stack(channels)
    return np.concatenate([balance.mix(whole[:, at : at + WINDOW]) for at in range(0, whole.shape[1], WINDOW)])


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return abs(float(one @ other)) / float(np.linalg.norm(one) * np.linalg.norm(other))


def test_equal_channels_are_added() -> None:
    samples = voice(1)[:WINDOW]

    assert is_safe_to_add(np.stack([samples, samples]))
    assert is_plain(weights_of(np.stack([samples, samples]), RATE))


def test_opposites_are_subtracted_and_keep_their_sign() -> None:
    samples = voice(1)
    # Coding makes now the one, now the other channel louder.
    noisy = -samples + np.random.default_rng(2).normal(0, 0.002, len(samples)).astype(np.float32)

    assert is_safe_to_add(np.stack([samples, noisy])[:, :WINDOW]) is False
    assert likeness(mixed(samples, noisy), samples) > 0.99


@pytest.mark.parametrize("milliseconds", [0.5, 1, 5, 10, 30])
@pytest.mark.parametrize("sign", [1, -1], ids=["copy", "opposite"])
def test_one_of_two_delayed_copies_is_heard(milliseconds: float, sign: int) -> None:
    samples = voice(3)

    got = mixed(samples, sign * delayed(samples, round(milliseconds * RATE / 1000)))

    assert likeness(got, samples) > 0.98


def test_independent_channels_are_both_heard() -> None:
    one, other = voice(4), voice(5)

    got = mixed(one, other)

    assert likeness(got, one + other) > 0.99


def test_of_many_channels_those_without_sound_take_nothing_away() -> None:
    samples, silence = voice(6), np.zeros(12 * WINDOW, np.float32)

    got = mixed(silence, silence, samples, silence)

    assert np.abs(got - samples).max() < 1e-6


def test_silence_leaves_the_weights_as_they_are() -> None:
    samples, silence = voice(7)[:WINDOW], np.zeros((2, WINDOW), np.float32)
    former = weights_of(np.stack([samples, -samples]), RATE)

    assert is_safe_to_add(silence) is None
    assert np.array_equal(weights_of(silence, RATE, former), former)


def test_values_that_are_no_numbers_are_silence() -> None:
    balance = Balance(RATE)

    assert not balance.mix(np.full((3, WINDOW), np.nan, np.float32)).any()
