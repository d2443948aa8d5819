"""Contract of voice detectors."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of, fake_spec, spec_of
from real_speech import real_sound
from scenedex.engines.loader import open_engine
from scenedex.engines.testing import VoiceDetectorContract
from scenedex.engines.voice import LONGEST_REGION, RATE, SILERO, VOICE
from scenedex.engines.voice.loudness import LoudnessVoiceDetector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scenedex.engines.voice import VoiceDetector


def silero() -> VoiceDetector:
    return open_engine(VOICE, choice_of(SILERO))


def pieces(samples: NDArray[np.int16], length: int) -> Iterator[NDArray[np.int16]]:
    return (samples[start : start + length] for start in range(0, len(samples), length))


class Spoken(VoiceDetectorContract):
    @pytest.mark.parametrize("length", [1_000, 4_096, 7 * RATE])
    def test_the_division_of_speech_into_chunks_makes_no_difference(self, engine: VoiceDetector, length: int) -> None:
        samples = real_sound("jfk-11s.flac")

        assert list(engine.regions(pieces(samples, length))) == list(engine.regions([samples]))

    def test_speech_is_found_and_the_pauses_of_the_speaker_too(self, engine: VoiceDetector) -> None:
        samples = real_sound("jfk-11s.flac")

        found = engine.regions([samples])

        assert all(0 <= start < end <= len(samples) for start, end in found)
        assert all(former[1] <= latter[0] for former, latter in pairwise(found))
        assert 5 * RATE < sum(end - start for start, end in found) < 10.9 * RATE
        assert found[0][0] < 0.5 * RATE

    def test_a_voice_that_never_pauses_is_cut_into_regions_that_touch(self, engine: VoiceDetector) -> None:
        endless = np.tile(real_sound("jfk-11s.flac")[83_000:125_000], 40)

        found = engine.regions(pieces(endless, 10 * RATE))

        assert all(end - start <= LONGEST_REGION for start, end in found)
        assert sum(end - start for start, end in found) > 0.8 * len(endless)


class TestLoudness(Spoken):
    spec = fake_spec(VOICE, LoudnessVoiceDetector().engine)

    @pytest.fixture
    def engine(self) -> VoiceDetector:
        return LoudnessVoiceDetector()


class TestSilero(Spoken):
    spec = spec_of(SILERO)

    def test_speech_in_the_band_of_a_telephone_is_found(self, engine: VoiceDetector) -> None:
        samples = real_sound("speech/en-3spk-leopard.wav")
        spectrum = np.fft.rfft(samples.astype(np.float64))
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        spectrum[(hertz < 300) | (hertz > 3_400)] = 0
        narrow = np.fft.irfft(spectrum, len(samples)).astype(np.int16)

        heard, whole = (sum(end - start for start, end in engine.regions([sound])) for sound in (narrow, samples))

        assert heard > 0.9 * whole


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
