"""What every detector of voices keeps to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from real_speech import real_sound
from scenedex.engines.loader import open_engine
from scenedex.engines.voice import LONGEST_REGION, RATE, SILERO, VOICE, LoudnessVoiceDetector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from scenedex.engines.voice import VoiceDetector


@pytest.fixture(scope="module", params=["loudness", "silero"])
def detector(request: pytest.FixtureRequest) -> VoiceDetector:
    return LoudnessVoiceDetector() if request.param == "loudness" else silero()


def silero() -> VoiceDetector:
    return open_engine(VOICE, choice_of(SILERO))


def pieces(samples: NDArray[np.int16], length: int) -> Iterator[NDArray[np.int16]]:
    return (samples[start : start + length] for start in range(0, len(samples), length))


def test_it_says_what_it_is(detector: VoiceDetector) -> None:
    assert detector.engine.name
    assert detector.engine.version


@pytest.mark.parametrize("chunks", [[], [np.zeros(0, np.int16)], [np.zeros(1, np.int16)]], ids=["none", "empty", "one"])
def test_no_sound_holds_no_voice(chunks: Iterable[NDArray[np.int16]], detector: VoiceDetector) -> None:
    assert list(detector.regions(chunks)) == []


def test_silence_holds_no_voice(detector: VoiceDetector) -> None:
    assert list(detector.regions(pieces(np.zeros(60 * RATE, np.int16), RATE))) == []


@pytest.mark.parametrize("length", [1_000, 4_096, 7 * RATE])
def test_how_the_sound_is_cut_into_chunks_makes_no_difference(length: int, detector: VoiceDetector) -> None:
    samples = real_sound("jfk-11s.flac")

    assert list(detector.regions(pieces(samples, length))) == list(detector.regions([samples]))


def test_speech_is_found_and_the_pauses_of_the_speaker_too(detector: VoiceDetector) -> None:
    samples = real_sound("jfk-11s.flac")

    found = detector.regions([samples])

    assert all(0 <= start < end <= len(samples) for start, end in found)
    assert all(former[1] <= latter[0] for former, latter in pairwise(found))
    assert 5 * RATE < sum(end - start for start, end in found) < 10.9 * RATE
    assert found[0][0] < 0.5 * RATE


def test_a_voice_that_never_pauses_is_cut_into_regions_that_touch(detector: VoiceDetector) -> None:
    samples = real_sound("jfk-11s.flac")
    start, end = 83_000, 125_000
    endless = np.tile(samples[start:end], 40)

    found = detector.regions(pieces(endless, 10 * RATE))

    assert all(end - start <= LONGEST_REGION for start, end in found)
    assert sum(end - start for start, end in found) > 0.8 * len(endless)


@pytest.mark.parametrize("kind", ["noise", "hum", "tone", "chord", "rumble", "clicks"])
def test_noise_and_tones_are_no_voices(kind: str) -> None:
    rng = np.random.default_rng(5)
    at = np.arange(20 * RATE) / RATE
    waves = {
        "noise": rng.normal(0, 3_000, len(at)),
        "hum": rng.normal(0, 30, len(at)),
        "tone": 9_000 * np.sin(2 * np.pi * 440 * at),
        "chord": 3_000
        * (1 + np.sin(4 * np.pi * at))
        * sum(np.sin(2 * np.pi * hertz * at) for hertz in (220, 277, 330)),
        "rumble": np.cumsum(rng.normal(0, 300, len(at))) % 8_000 - 4_000,
        "clicks": np.where(np.arange(len(at)) % RATE == 0, 30_000, 0),
    }

    assert list(silero().regions([waves[kind].astype(np.int16)])) == []


def test_music_is_no_voice() -> None:
    assert list(silero().regions([real_sound("big-buck-bunny-480p-30s.mp4")])) == []


@pytest.mark.parametrize("loudness", [0.02, 0.2, 1.0])
def test_a_quiet_voice_is_a_voice(loudness: float) -> None:
    samples = (real_sound("jfk-11s.flac") * loudness).astype(np.int16)

    assert sum(end - start for start, end in silero().regions([samples])) > 6 * RATE
