"""Contract of speech recognisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of, fake_spec, spec_of
from films_with_sound import tone
from networks_whisper import write_whisper
from real_speech import real_sound, share_of_words_right
from scenedex.engines.engine import Engine, EngineContext, EngineUnavailable
from scenedex.engines.loader import open_engine
from scenedex.engines.speech import POCKETSPHINX, POCKETSPHINX_LANGUAGES, RATE, SPEECH
from scenedex.engines.speech.bursts import KOREAN_FROM_HERTZ, BurstRecogniser
from scenedex.engines.speech.whisper import Guards, WhisperRecogniser
from scenedex.engines.testing import RecogniserContract

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.speech import RecognisedUtterance, Recogniser, SpokenLanguage

WHISPER = Engine("whisper", "4", "whisper-tiny")
CREDULOUS = Guards(
    min_log_probability=None, max_silence=None, max_repetition=None, min_confidence=0, refuses_others=False
)
"""A network of random weights is never sure of anything."""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights") / "whisper-tiny"
    write_whisper(folder)
    return folder


@pytest.fixture(scope="module")
def sphinx() -> Recogniser:
    return open_engine(SPEECH, choice_of(POCKETSPHINX))


@pytest.fixture(scope="module")
def credulous(weights: Path) -> Recogniser:
    return WhisperRecogniser(EngineContext(WHISPER, weights, threads=2), CREDULOUS)


def heard(
    recogniser: Recogniser, samples: NDArray[np.int16], language: SpokenLanguage
) -> tuple[RecognisedUtterance, ...]:
    """Return what is recognised in a sound that is all voice."""
    return recogniser.recognise(samples, [(0, len(samples))], language).utterances


class Spoken(RecogniserContract):
    @pytest.fixture(scope="class")
    @classmethod
    def speech(cls) -> tuple[NDArray[np.int16], SpokenLanguage]:
        return real_sound("jfk-11s.flac")[: 3 * RATE], "EN"


class TestBursts(Spoken):
    spec = fake_spec(SPEECH, BurstRecogniser().engine)

    @pytest.fixture
    def engine(self) -> Recogniser:
        return BurstRecogniser()


class TestPocketSphinx(Spoken):
    spec = spec_of(POCKETSPHINX)


class TestWhisper(Spoken):
    spec = spec_of(WHISPER)

    @pytest.fixture(scope="class")
    @classmethod
    def engine(
        cls, speech: tuple[NDArray[np.int16], SpokenLanguage], tmp_path_factory: pytest.TempPathFactory
    ) -> Recogniser:
        """Return a network of random weights that has words for the speech. Which one has depends on the processor."""
        for seed in range(20):
            folder = tmp_path_factory.mktemp("random") / "whisper-tiny"
            write_whisper(folder, seed=seed)
            found = WhisperRecogniser(EngineContext(WHISPER, folder, threads=2), CREDULOUS)
            if heard(found, *speech):
                return found
        raise AssertionError


@pytest.mark.parametrize("kind", ["silence", "noise", "tone", "music"])
@pytest.mark.parametrize("name", ["sphinx", "whisper"])
def test_what_is_no_speech_has_no_words(name: str, kind: str, sphinx: Recogniser, weights: Path) -> None:
    samples = {
        "silence": lambda: np.zeros(3 * RATE, np.int16),
        "noise": lambda: np.random.default_rng(1).normal(0, 2_000, 2 * RATE).astype(np.int16),
        "tone": lambda: tone(3),
        "music": lambda: real_sound("big-buck-bunny-480p-30s.mp4")[10 * RATE : 12 * RATE],
    }[kind]()
    tested = sphinx if name == "sphinx" else open_engine(SPEECH, choice_of(WHISPER, weights), threads=2)

    assert not heard(tested, samples, "EN")


def test_pocketsphinx_gets_most_words_of_a_clear_sentence(sphinx: Recogniser) -> None:
    lines = heard(sphinx, real_sound("jfk-11s.flac"), "ENKO")

    assert share_of_words_right(" ".join(line.text for line in lines).split()) >= 0.6
    assert all(line.is_rough for line in lines)
    assert sphinx.languages == POCKETSPHINX_LANGUAGES


def test_pocketsphinx_counts_speech_in_another_language_and_omits_it(sphinx: Recogniser) -> None:
    samples = real_sound("speech/zh-funasr-example.wav")

    recognition = sphinx.recognise(samples, [(0, len(samples))], "ENKO")

    assert recognition.utterances == ()
    assert recognition.not_understood > 0


def test_pocketsphinx_learns_nothing_from_what_it_heard_before(sphinx: Recogniser) -> None:
    samples = real_sound("jfk-11s.flac")[: 3 * RATE]
    first = heard(sphinx, samples, "EN")
    heard(sphinx, np.random.default_rng(1).normal(0, 9_000, RATE).astype(np.int16), "EN")

    assert heard(sphinx, samples, "EN") == first


@pytest.mark.parametrize(
    ("language", "codes"),
    [("ENKO", {"en", "ko"}), ("KO", {"ko"}), ("JA", {"ja"}), ("ZH-CN", {"zh-CN"}), ("ZH-TW", {"zh-TW"})],
)
def test_whisper_answers_in_the_language_asked_for(
    language: SpokenLanguage, codes: set[str], credulous: Recogniser
) -> None:
    lines = heard(credulous, real_sound("jfk-11s.flac")[: 3 * RATE], language)

    assert {line.language for line in lines} <= codes


def test_the_fake_tells_english_from_korean_by_pitch() -> None:
    languages = {
        hertz: heard(BurstRecogniser(), tone(1, hertz), "ENKO")[0].language for hertz in (400, KOREAN_FROM_HERTZ)
    }

    assert languages == {400: "en", KOREAN_FROM_HERTZ: "ko"}


def test_a_network_that_hears_in_more_bands_is_given_them(tmp_path: Path) -> None:
    write_whisper(tmp_path, mels=128)

    large = WhisperRecogniser(EngineContext(WHISPER, tmp_path, threads=1), CREDULOUS)

    assert heard(large, real_sound("jfk-11s.flac")[: 2 * RATE], "EN") is not None


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_folder_that_lacks_a_file_is_not_opened(name: str, weights: Path, tmp_path: Path) -> None:
    for file in weights.iterdir():
        if file.name != name:
            (tmp_path / file.name).symlink_to(file)

    with pytest.raises(EngineUnavailable, match="lack vocabulary" if name.startswith("voc") else f"lack {name}"):
        open_engine(SPEECH, choice_of(WHISPER, tmp_path))


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_damaged_file_is_not_opened(name: str, weights: Path, tmp_path: Path) -> None:
    for file in weights.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 1_000 if file.name == name else None])

    with pytest.raises(EngineUnavailable, match="scenedex weights verify"):
        open_engine(SPEECH, choice_of(WHISPER, tmp_path))
