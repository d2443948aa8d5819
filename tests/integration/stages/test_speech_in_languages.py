"""Real speech in four languages by Whisper base with its real weights, from the samples to the lines of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from engine_choices import choice_of
from real_speech import SPOKEN, character_errors, real_sound, whisper_base
from scenedex.analysis.stages.recording import Recording
from scenedex.analysis.stages.speech import transcribe
from scenedex.analysis.stages.voice import find_voice_regions
from scenedex.engines.loader import open_engine
from scenedex.engines.speech import SPEECH
from scenedex.engines.voice import SILERO, VOICE

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.speech import Recogniser, SpokenLanguage


class Spoken(NamedTuple):
    """File with the words that are spoken in it, and the share of characters that may be wrong."""

    file: str
    language: SpokenLanguage
    text: str
    tolerance: float


SAMPLES = [
    Spoken("jfk-11s.flac", "EN", SPOKEN, 0.06),
    Spoken("speech/ko-read-tc.wav", "ENKO", "조금만 생각을 하면서 살면 훨씬 편할 거야", 0.2),
    Spoken("speech/ja-read-leopard.wav", "JA", "客観的実在の判断的知識が成立するのである", 0.2),
    Spoken("speech/zh-funasr-example.wav", "ZH-CN", "欢迎大家来体验达摩院推出的语音识别模型", 0.1),
]


def _ignored(_share: float, _done: int) -> None:
    """Take no note of the progress."""


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return open_engine(SPEECH, whisper_base(), threads=2)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.language for sample in SAMPLES])
def test_what_is_said_is_written(sample: Spoken, recogniser: Recogniser, tmp_path: Path) -> None:
    pcm = tmp_path / "sound.pcm"
    pcm.write_bytes(real_sound(sample.file).tobytes())
    with pcm.open("rb") as file:
        recording = Recording(file)
        regions = find_voice_regions(recording, open_engine(VOICE, choice_of(SILERO, None)), _ignored).regions
        result = transcribe(recording, regions, recogniser, sample.language, _ignored)

    heard = " ".join(line.text for line in result.utterances)
    assert character_errors(heard, sample.text) <= sample.tolerance, heard
