"""The sound, voice and speech stages in sequence, each in its child process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from engine_choices import choice_of
from films_with_sound import Stretch, film, tone
from networks_whisper import write_whisper
from real_speech import real_file, real_sound, share_of_words_right
from scenedex.analysis.stages.recording import RATE
from scenedex.analysis.stages.sound import SOUND_FILE, SoundOptions, SoundResult
from scenedex.analysis.stages.speech import SpeechOptions, SpeechResult
from scenedex.analysis.stages.voice import ProgrammeVoice, VoiceOptions, VoiceResult
from scenedex.engines.engine import Engine
from scenedex.engines.speech import POCKETSPHINX
from scenedex.engines.voice import SILERO
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.errors import ChildFailed
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from pathlib import Path

    import msgspec

    from scenedex.engines.engine import EngineChoice

T = TypeVar("T")
WHISPER_TINY = Engine("whisper", "4", "whisper-tiny")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=64 * 1024**2,
)


@dataclass
class StageRunner:
    """Runs stages in a folder of its own and records their progress."""

    folder: Path
    progress: list[float]

    def run(
        self, stage: str, source: Path, options: msgspec.Struct, result: type[T], readable: tuple[Path, ...] = ()
    ) -> T:
        async def note(seen: float) -> None:
            self.progress.append(seen)

        return asyncio.run(
            run_in_child(
                f"scenedex.analysis.stages.{stage}:run_{stage}",
                LocalFile(source),
                options,
                result,
                limits=LIMITS,
                work_dir=self.folder,
                on_progress=note,
                readable=readable,
            )
        )

    @property
    def pcm(self) -> Path:
        return self.folder / SOUND_FILE

    def sound(self, media: Path) -> SoundResult:
        return self.run("sound", media, SoundOptions(), SoundResult)

    def voices(self) -> ProgrammeVoice:
        [found] = self.run("voice", self.pcm, VoiceOptions(choice=chosen(SILERO)), VoiceResult).programmes
        return found

    def words(self, voices: ProgrammeVoice) -> SpeechResult:
        options = SpeechOptions(choice=chosen(POCKETSPHINX), language="ENKO", regions=voices.regions)
        return self.run("speech", self.pcm, options, SpeechResult)


@pytest.fixture
def stages(tmp_path: Path) -> StageRunner:
    (tmp_path / "work").mkdir()
    return StageRunner(tmp_path / "work", [])


def chosen(engine: Engine, folder: Path | None = None) -> EngineChoice:
    return choice_of(engine, folder)


def test_the_sentence_is_found_in_its_place(stages: StageRunner, tmp_path: Path) -> None:
    media, late = tmp_path / "speech.mkv", Fraction(5, 2)
    media.write_bytes(film([Stretch(late, real_sound("jfk-11s.flac"))], seconds=14))

    sound = stages.sound(media)
    voices = stages.voices()
    speech = stages.words(voices)

    assert sound.has_sound
    assert stages.pcm.stat().st_size == 2 * sound.samples
    heard = " ".join(line.text for line in speech.utterances).split()
    assert share_of_words_right(heard) >= 0.6
    starts = {
        word.text: float(word.span.start.timecode().seconds - late) for line in speech.utterances for word in line.words
    }
    ends = {
        word.text: float(word.span.end.timecode().seconds - late) for line in speech.utterances for word in line.words
    }
    assert abs(starts["fellow"] - 1.25) < 0.5
    assert abs(ends["country"] - 10.5) < 0.5
    assert {line.language for line in speech.utterances} == {"en"}
    assert stages.progress[-1] == 1


def test_the_sentence_is_found_in_lossy_sound(stages: StageRunner, tmp_path: Path) -> None:
    media = tmp_path / "speech.mkv"
    spoken = Stretch(Fraction(0), real_sound("jfk-11s.flac"))
    media.write_bytes(film([spoken], seconds=11, codec="aac", bit_rate=48_000))

    stages.sound(media)
    speech = stages.words(stages.voices())

    assert share_of_words_right(" ".join(line.text for line in speech.utterances).split()) >= 0.6


@pytest.mark.parametrize("kind", ["music", "silence", "tone", "noise"])
def test_sound_without_speech_has_no_words(kind: str, stages: StageRunner, tmp_path: Path) -> None:
    media = tmp_path / "film.mkv"
    if kind == "music":
        media = real_file("big-buck-bunny-480p-30s.mp4")
    else:
        noise = np.random.default_rng(1).normal(0, 3_000, 10 * RATE).astype(np.int16)
        sounds = {"silence": np.zeros(10 * RATE, np.int16), "tone": tone(10), "noise": noise}
        media.write_bytes(film([Stretch(Fraction(0), sounds[kind])], seconds=10))

    assert stages.sound(media).has_sound
    assert stages.words(stages.voices()).utterances == ()


@pytest.mark.parametrize("stretches", [None, []], ids=["no-stream", "no-samples"])
def test_a_film_without_sound_is_no_error(stretches: list[Stretch] | None, stages: StageRunner, tmp_path: Path) -> None:
    media = tmp_path / "silent.mkv"
    media.write_bytes(film(stretches))

    tracks = 0 if stretches is None else 1
    assert stages.sound(media) == SoundResult(has_sound=False, samples=0, damaged_packets=0, track_count=tracks)
    assert stages.pcm.read_bytes() == b""
    assert stages.words(stages.voices()).utterances == ()


def test_a_picture_has_no_sound(stages: StageRunner) -> None:
    assert not stages.sound(real_file("obama.jpg")).has_sound


def test_downloaded_weights_are_loaded_in_the_child_process(stages: StageRunner, tmp_path: Path) -> None:
    weights = tmp_path / "weights" / "whisper-tiny"
    write_whisper(weights)
    media = tmp_path / "speech.mkv"
    media.write_bytes(film([Stretch(Fraction(0), real_sound("jfk-11s.flac")[: 3 * RATE])]))
    stages.sound(media)
    options = SpeechOptions(choice=chosen(WHISPER_TINY, weights), language="ENKO", regions=stages.voices().regions)

    # A network of random weights recognises nothing.
    assert stages.run("speech", stages.pcm, options, SpeechResult, (weights,)).utterances == ()


def test_the_error_of_missing_weights_has_a_remedy(stages: StageRunner, tmp_path: Path) -> None:
    media = tmp_path / "speech.mkv"
    media.write_bytes(film([Stretch(Fraction(0), real_sound("jfk-11s.flac")[: 3 * RATE])]))
    stages.sound(media)
    options = SpeechOptions(choice=chosen(WHISPER_TINY, tmp_path), language="EN", regions=stages.voices().regions)

    with pytest.raises(ChildFailed, match="Pull them again"):
        stages.run("speech", stages.pcm, options, SpeechResult, (tmp_path,))
