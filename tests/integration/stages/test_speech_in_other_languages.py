"""Speech in another language than the requested one, by Whisper base with its real weights."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from real_speech import SPOKEN, character_errors, real_sound, whisper_base
from scenedex.analysis.stages.recording import RATE, Recording
from scenedex.analysis.stages.speech import SpeechResult, transcribe
from scenedex.analysis.stages.voice import find_voice_regions
from scenedex.engines.loader import open_engine
from scenedex.engines.speech import SPEECH
from scenedex.engines.voice import SILERO, VOICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.speech import Recogniser, SpokenLanguage

ENGLISH, KOREAN = "jfk-11s.flac", "speech/ko-read-tc.wav"
JAPANESE, CHINESE = "speech/ja-read-tc.wav", "speech/zh-funasr-example.wav"


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return open_engine(SPEECH, whisper_base(), threads=2)


def transcribed(recogniser: Recogniser, language: SpokenLanguage, *sounds: NDArray[np.int16]) -> SpeechResult:
    recording = Recording(io.BytesIO(np.concatenate(sounds).astype("<i2").tobytes()))
    detector = open_engine(VOICE, choice_of(SILERO, None))
    regions = find_voice_regions(recording, detector, lambda _share, _done: None).regions
    return transcribe(recording, regions, recogniser, language, lambda _share, _done: None)


@pytest.mark.parametrize(
    ("file", "language", "heard"),
    [
        (KOREAN, "EN", "ko"),
        (ENGLISH, "JA", "en"),
        (CHINESE, "KO", "zh"),
        (JAPANESE, "ZH-TW", "ja"),
        (JAPANESE, "ENKO", "ja"),
    ],
)
def test_another_language_is_counted_by_name_and_not_written(
    file: str, language: SpokenLanguage, heard: str, recogniser: Recogniser
) -> None:
    result = transcribed(recogniser, language, real_sound(file))

    assert result.utterances == ()
    assert result.not_understood == len(result.other_languages) > 0
    assert set(result.other_languages) == {heard}


@pytest.mark.parametrize("is_first", [False, True], ids=["before", "after"])
def test_the_requested_language_is_written_beside_another_one(recogniser: Recogniser, *, is_first: bool) -> None:
    english, korean = real_sound(ENGLISH), real_sound(KOREAN)
    both = (english, np.zeros(RATE, np.int16), korean) if is_first else (korean, np.zeros(RATE, np.int16), english)

    result = transcribed(recogniser, "EN", *both)

    heard = " ".join(line.text for line in result.utterances)
    assert character_errors(heard, SPOKEN) <= 0.06, heard
    assert result.other_languages == ("ko",)


def test_lines_of_two_speakers_are_separate(recogniser: Recogniser) -> None:
    result = transcribed(recogniser, "EN", real_sound("speech/en-3spk-leopard.wav"))

    lines = [line.text for line in result.utterances]
    assert any(line.startswith("This is what a crocodile") for line in lines)
    assert any(line.casefold().startswith("ladies and gentlemen") for line in lines)
