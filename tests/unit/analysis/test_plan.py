"""Plans: what runs for a request, and why the rest does not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scenedex.analysis.plan import Plan, scene_length
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.selection import select_engines
from scenedex.index.records import AnalysisSetting
from scenedex.settings import EngineSettings

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.index.records import Engine


def plan(folder: Path, *, is_picture: bool = False, engines: EngineSettings | None = None, **asked: object) -> Plan:
    setting = AnalysisSetting(**{"analysis_person_count": 3, "source_language": "ENKO", **asked})  # type: ignore[arg-type]  # named fields
    return Plan(
        setting,
        select_engines(
            engines or EngineSettings(),
            folder / "none",
            setting.source_language or "ENKO",
            registry=EngineRegistry(),
        ),
        is_picture=is_picture,
        decode_threads=0,
        threads=0,
        vocabulary=(),
    )


def engines_of(made: Plan, *, has_sound: bool = True) -> dict[str, Engine]:
    return {engine.stage: engine for engine in made.engines((), has_sound=has_sound)}


def test_with_what_is_bundled_a_video_is_looked_at_and_listened_to(tmp_path: Path) -> None:
    made = plan(tmp_path)

    assert made.stages == ("visual", "faces", "text", "pictures", "sound", "voice", "speech", "speakers")
    assert made.needs_sound


def test_a_picture_is_not_listened_to(tmp_path: Path) -> None:
    made = plan(tmp_path, is_picture=True, detect_audio_effects=True)

    assert made.stages == ("visual", "faces", "text", "pictures")
    assert not made.needs_sound
    assert engines_of(made, has_sound=False)["speech"].not_analysed == "A picture has no sound."


def test_persons_that_nobody_asked_for_are_not_looked_for(tmp_path: Path) -> None:
    made = plan(tmp_path, analysis_person_count=0)

    assert "faces" not in made.stages
    assert engines_of(made)["faces"].not_analysed == "Not asked for: analysisPersonCount is 0."


def test_what_lacks_weights_says_which_command_would_bring_them(tmp_path: Path) -> None:
    engine = engines_of(plan(tmp_path, detect_audio_effects=True))["sounds"]

    assert engine.name is None
    assert "scenedex weights pull ced-tiny" in (engine.not_analysed or "")


@pytest.mark.parametrize("asked", [{"source_language": "JA"}, {"engines": EngineSettings(speech="off")}])
def test_without_speech_nobody_listens_for_voices(tmp_path: Path, asked: dict[str, object]) -> None:
    made = plan(tmp_path, **asked)  # type: ignore[arg-type]  # named fields

    assert not made.needs_sound
    assert [stage for stage in made.stages if stage in {"voice", "speech", "speakers"}] == []
    assert all(engines_of(made)[stage].not_analysed for stage in ("voice", "speech", "speakers"))


def test_a_silent_video_says_so(tmp_path: Path) -> None:
    assert engines_of(plan(tmp_path), has_sound=False)["voice"].not_analysed == "The video has no sound."


def test_an_engine_in_force_is_named_with_its_weights(tmp_path: Path) -> None:
    faces = engines_of(plan(tmp_path))["faces"]

    assert (faces.name, faces.weights, faces.not_analysed) == ("dlib-resnet", "dlib-resnet-v1", None)


def test_the_address_of_speech_depends_on_the_language_and_that_of_voices_does_not(tmp_path: Path) -> None:
    english, both = plan(tmp_path, source_language="EN"), plan(tmp_path, source_language="ENKO")
    voice, speech = both.choice("voice"), both.choice("speech")
    assert voice is not None
    assert speech is not None

    assert english.voice("a", voice).address == both.voice("a", voice).address
    assert english.speech("a", (), speech).address != both.speech("a", (), speech).address


def test_scenes_are_as_long_as_asked() -> None:
    asked = AnalysisSetting(analysis_person_count=0, min_scene_duration_sec=12, max_scene_duration_sec=34)

    assert (scene_length(asked).min_seconds, scene_length(asked).max_seconds) == (Fraction(12), Fraction(34))
    assert scene_length(AnalysisSetting(analysis_person_count=0, scene_range="EXTRA_SHORT")).max_seconds == 20
