"""Contract suites of engines that read sound."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest

from scenedex.engines.sounds import SoundKind, WindowRefused
from scenedex.engines.speakers import UtteranceTooShort
from scenedex.engines.speech import RATE, LanguageNotKnown, RegionRefused, SpokenLanguage
from scenedex.engines.testing.contract import EngineContract
from scenedex.engines.voice import LONGEST_REGION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.sounds import SoundTagger
    from scenedex.engines.speakers import SpeakerEmbedder
    from scenedex.engines.speech import Recogniser
    from scenedex.engines.voice import VoiceDetector

    Samples = NDArray[np.int16]


def tone(seconds: float, hertz: float = 440, amplitude: float = 9_000) -> Samples:
    """Return a sine wave at 16 kHz."""
    at = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def noise(seconds: float, loudness: float = 3_000) -> Samples:
    """Return the same white noise for the same length."""
    return np.random.default_rng(1).normal(0, loudness, round(seconds * RATE)).astype(np.int16)


class SoundTaggerContract(EngineContract):
    """Tests of a `SoundTagger`."""

    @pytest.mark.parametrize(
        "sound", [tone(3), tone(0.1), noise(3), np.zeros(RATE, np.int16)], ids=["tone", "short", "noise", "silence"]
    )
    def test_every_kind_that_it_knows_has_a_confidence(self, engine: SoundTagger, sound: Samples) -> None:
        found = engine.tag(sound)

        assert found
        assert set(found) == set(engine.tag(noise(1))) <= set(SoundKind)
        assert all(0 <= confidence <= 1 for confidence in found.values())

    def test_silence_is_no_sound(self, engine: SoundTagger) -> None:
        assert max(engine.tag(np.zeros(3 * RATE, np.int16)).values()) < 0.1

    def test_the_same_window_has_the_same_confidences(self, engine: SoundTagger) -> None:
        assert engine.tag(noise(2)) == engine.tag(noise(2))

    def test_a_window_without_samples_or_with_too_many_is_refused(self, engine: SoundTagger) -> None:
        for samples in (0, engine.longest + 1):
            with pytest.raises(WindowRefused):
                engine.tag(np.zeros(samples, np.int16))

    def test_one_sample_and_the_longest_window_are_accepted(self, engine: SoundTagger) -> None:
        for samples in (1, engine.longest):
            assert set(engine.tag(np.ones(samples, np.int16))) == set(engine.tag(noise(1)))

    def test_a_window_of_three_seconds_is_not_too_long(self, engine: SoundTagger) -> None:
        assert engine.longest >= 3 * RATE


class RecogniserContract(EngineContract):
    """Tests of a `Recogniser`.

    Provide the fixture ``speech`` to test recognised utterances as well.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def speech(cls) -> tuple[Samples, SpokenLanguage]:
        """Up to 30 s of speech that the engine recognises, and its language."""
        pytest.skip("needs speech: provide the fixture `speech`")

    def test_its_languages_are_those_of_analyses(self, engine: Recogniser) -> None:
        assert engine.languages
        assert engine.languages <= {*get_args(SpokenLanguage)}
        if self.spec.languages is not None:
            assert self.spec.languages <= engine.languages

    @pytest.mark.parametrize("language", get_args(SpokenLanguage))
    def test_it_recognises_its_languages_and_refuses_others(self, engine: Recogniser, language: SpokenLanguage) -> None:
        if language in engine.languages:
            engine.recognise(np.zeros(RATE, np.int16), [(0, RATE)], language)
        else:
            with pytest.raises(LanguageNotKnown):
                engine.recognise(np.zeros(RATE, np.int16), [(0, RATE)], language)

    def test_utterances_are_in_order_within_the_region_and_always_the_same(
        self, engine: Recogniser, speech: tuple[Samples, SpokenLanguage]
    ) -> None:
        samples, language = speech

        voices = [(0, len(samples))]
        recognition = engine.recognise(samples, voices, language)
        lines = recognition.utterances

        assert lines
        assert recognition.not_understood >= 0
        assert all(0 <= line.start <= line.end <= len(samples) / RATE for line in lines)
        assert all(former.end <= latter.start for former, latter in pairwise(lines))
        for line in lines:
            assert line.words
            assert (line.start, line.end) == (line.words[0].start, line.words[-1].end)
            assert all(former.end <= latter.start for former, latter in pairwise(line.words))
            assert all(word.text == word.text.strip() != "" for word in line.words)
            assert all(0 <= word.confidence <= 1 for word in (line, *line.words))
            assert line.text.strip() == line.text != ""
        assert engine.recognise(samples, voices, language) == recognition

    def test_a_region_without_voices_has_no_words(
        self, engine: Recogniser, speech: tuple[Samples, SpokenLanguage]
    ) -> None:
        samples, language = speech

        assert not engine.recognise(samples, [], language).utterances

    @pytest.mark.parametrize("samples", [0, 1])
    def test_a_region_of_no_length_has_no_words(self, engine: Recogniser, samples: int) -> None:
        sound = np.zeros(samples, np.int16)

        assert not engine.recognise(sound, [(0, samples)], min(engine.languages)).utterances

    def test_a_region_that_is_too_long_is_refused(self, engine: Recogniser) -> None:
        with pytest.raises(RegionRefused):
            engine.recognise(np.zeros(LONGEST_REGION + 1, np.int16), [], min(engine.languages))


class SpeakerEmbedderContract(EngineContract):
    """Tests of a `SpeakerEmbedder`."""

    @pytest.fixture(scope="class")
    @classmethod
    def voice(cls) -> Samples:
        """Three seconds of one voice: a hum with overtones and vowels that change."""
        at = np.arange(3 * RATE) / RATE
        vowel = 1 + 0.5 * np.sin(2 * np.pi * 3 * at)
        wave = sum(np.sin(2 * np.pi * 150 * n * at) * vowel / n for n in range(1, 20))
        return (3_000 * np.asarray(wave)).astype(np.int16)

    @pytest.mark.parametrize("seconds", [0.5, 1, 2.9])
    def test_a_voice_is_a_unit_vector(self, engine: SpeakerEmbedder, voice: Samples, seconds: float) -> None:
        found = engine.embed(voice[: max(engine.shortest, round(seconds * RATE))])

        assert found.shape == (engine.dimension,)
        assert found.dtype == np.float32
        assert float(np.linalg.norm(found)) == pytest.approx(1, abs=1e-5)

    def test_the_same_sound_is_the_same_voice(self, engine: SpeakerEmbedder, voice: Samples) -> None:
        np.testing.assert_array_equal(engine.embed(voice), engine.embed(voice.copy()))

    def test_a_voice_is_more_like_itself_than_like_noise(self, engine: SpeakerEmbedder, voice: Samples) -> None:
        first, again, other = (engine.embed(samples) for samples in (voice[: 2 * RATE], voice[RATE:], noise(2)))

        assert first @ again > engine.same_speaker
        assert first @ again > first @ other

    def test_the_minimum_of_samples_is_enough_and_fewer_are_refused(
        self, engine: SpeakerEmbedder, voice: Samples
    ) -> None:
        assert engine.shortest <= RATE
        assert engine.embed(voice[: engine.shortest]).shape == (engine.dimension,)
        with pytest.raises(UtteranceTooShort):
            engine.embed(voice[: engine.shortest - 1])

    def test_silence_has_a_finite_vector(self, engine: SpeakerEmbedder) -> None:
        assert np.isfinite(engine.embed(np.zeros(RATE, np.int16))).all()


class VoiceDetectorContract(EngineContract):
    """Tests of a `VoiceDetector`."""

    @pytest.mark.parametrize("chunks", [[], [0], [1], [RATE] * 60], ids=["none", "empty", "one", "minute"])
    def test_silence_has_no_voice(self, engine: VoiceDetector, chunks: list[int]) -> None:
        assert list(engine.regions(np.zeros(length, np.int16) for length in chunks)) == []

    @pytest.mark.parametrize("length", [1_000, 4_096, 3 * RATE])
    def test_the_division_into_chunks_makes_no_difference(self, engine: VoiceDetector, length: int) -> None:
        samples = np.concatenate([noise(2, 30), tone(2, 200), noise(2, 30), noise(1)])
        chunks = [samples[start : start + length] for start in range(0, len(samples), length)]

        assert list(engine.regions(chunks)) == list(engine.regions([samples]))

    def test_regions_are_in_order_within_the_sound_and_not_too_long(self, engine: VoiceDetector) -> None:
        samples = np.concatenate([noise(1, 30), tone(65, 200), noise(1, 30), tone(1, 200)])

        found = engine.regions([samples])

        assert all(0 <= start < end <= len(samples) for start, end in found)
        assert all(former[1] <= latter[0] for former, latter in pairwise(found))
        assert all(end - start <= LONGEST_REGION for start, end in found)
