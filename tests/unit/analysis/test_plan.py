"""Plans: the stages that run for a request, and the reasons of those that do not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import pytest

from scenedex.analysis.all_stages import STAGES
from scenedex.analysis.execution import address_of
from scenedex.analysis.plan import Plan, in_order
from scenedex.analysis.stage import ChildStep, Inputs, Made, Stage
from scenedex.analysis.stages.meaning import MEANING_STAGE, MeaningOptions
from scenedex.analysis.stages.scenes import scene_length
from scenedex.analysis.stages.sound import NO_SOUND, SOUND_STAGE, Programme, SoundResult
from scenedex.analysis.stages.sounds import SOUNDS_STAGE, SoundsOptions
from scenedex.analysis.stages.speakers import SPEAKERS_STAGE, SpeakersOptions
from scenedex.analysis.stages.speech import SPEECH_STAGE, SpeechResult
from scenedex.analysis.stages.visual import VISUAL_STAGE, ShotResult, VisualResult
from scenedex.analysis.stages.voice import VOICE_STAGE, ProgrammeVoice, VoiceResult
from scenedex.engines.engine import EngineChoice
from scenedex.index.records import AnalysisSetting
from scenedex.settings import EngineSettings
from stage_outcomes import scope, selected, span, utterance

if TYPE_CHECKING:
    import msgspec

    from scenedex.analysis.stage import StageOutcome
    from scenedex.index.records import StageEngine


def plan(*, is_picture: bool = False, engines: EngineSettings | None = None, **asked: object) -> Plan:
    language = str(asked.get("source_language", "ENKO"))
    return Plan(scope(selected(engines or EngineSettings(), language), is_picture=is_picture, **asked))


def names(made: Plan) -> set[str]:
    return {stage.name for stage in made.stages}


def engines_of(made: Plan, outcomes: dict[Stage[Any], StageOutcome] | None = None) -> dict[str, StageEngine]:
    return {engine.stage: engine for engine in made.engines(Inputs(made.scope, outcomes or {}))}


def test_with_bundled_engines_a_video_is_looked_at_and_listened_to() -> None:
    seen = {"visual", "faces", "text", "pictures", "strip"}
    heard = {"sound", "voice", "speech", "speakers", "waveform"}
    described = {"scenes", "terms", "meaning"}

    assert names(plan()) == seen | heard | described
    assert names(plan(detect_audio_effects=True)) == seen | heard | described | {"music"}


def test_a_stage_comes_after_those_that_it_needs_and_uses() -> None:
    ordered = in_order(STAGES[::-1])

    for place, stage in enumerate(ordered):
        assert {*stage.needs, *stage.uses} <= {*ordered[:place]}, stage.name


def test_every_port_with_a_choice_has_one_stage() -> None:
    ports = [port.name for stage in STAGES for port in stage.ports]

    # Summaries and answers are no part of an analysis.
    assert sorted(ports) == sorted({one.port for one in plan().scope.engines} - {"summaries", "answers"})


def test_stages_read_artefacts_of_stages_that_they_need_and_that_need_nothing() -> None:
    for stage in STAGES:
        if isinstance(stage.step, ChildStep) and isinstance(stage.step.reads, Stage):
            assert stage.step.reads in stage.needs, stage.name
            assert stage.step.reads.needs == (), stage.name


def test_a_picture_is_not_listened_to() -> None:
    made = plan(is_picture=True, detect_audio_effects=True)

    assert names(made) == {"visual", "faces", "text", "pictures", "scenes", "terms", "meaning", "strip"}
    assert {engines_of(made)[port].not_analysed for port in ("voice", "speech", "speakers", "music", "sounds")} == {
        "A picture has no sound."
    }


def test_persons_that_were_not_asked_for_are_not_looked_for() -> None:
    made = plan(analysis_person_count=0)

    assert "faces" not in names(made)
    assert engines_of(made)["faces"].not_analysed == "Not asked for: analysisPersonCount is 0."


def test_missing_weights_are_named_with_the_command_that_brings_them() -> None:
    engine = engines_of(plan(detect_audio_effects=True))["sounds"]

    assert engine.name is None
    assert "scenedex weights pull ced-tiny" in (engine.not_analysed or "")


@pytest.mark.parametrize("asked", [{"source_language": "JA"}, {"engines": EngineSettings(speech="off")}])
def test_without_speech_the_sound_is_read_for_its_peaks_and_the_cause_is_named(asked: dict[str, object]) -> None:
    made = plan(**asked)  # type: ignore[arg-type]  # named fields

    assert not names(made) & {"voice", "speech", "speakers"}
    assert {"sound", "waveform"} <= names(made)
    cause = engines_of(made)["speech"].not_analysed
    assert cause is not None
    assert engines_of(made)["voice"].not_analysed == f"speech is not analysed: {cause}"
    assert engines_of(made)["speakers"].not_analysed == f"speech is not analysed: {cause}"


def test_further_engines_of_a_stage_that_does_not_run_are_not_named() -> None:
    found = engines_of(plan(engines=EngineSettings(text="off")))

    assert found["korean"].name is None
    assert "text on screen is not analysed" in (found["korean"].not_analysed or "")


def test_a_silent_video_says_so() -> None:
    assert engines_of(plan(), {VOICE_STAGE: NO_SOUND})["voice"].not_analysed == "The video has no sound."


def test_the_remark_on_a_result_stands_beside_its_engine() -> None:
    found = engines_of(plan(), {SPEECH_STAGE: Made(SpeechResult((), 2))})

    assert found["speech"].note == "2 utterances were not understood and left out"
    assert found["faces"].note is None


def test_an_engine_that_runs_is_named_with_its_weights() -> None:
    faces = engines_of(plan())["faces"]

    assert (faces.name, faces.weights, faces.not_analysed) == ("dlib-resnet", "dlib-resnet-v1", None)


def test_speech_depends_on_the_language_and_voices_do_not() -> None:
    found = {SOUND_STAGE: Made(SoundResult(True, 9, 0, (Programme((1,), 9),), 1), "a")}
    regions = {**found, VOICE_STAGE: Made(VoiceResult((ProgrammeVoice((span(0, 4),)),)))}
    english, both = plan(source_language="EN").scope, plan(source_language="ENKO").scope

    assert where(VOICE_STAGE, Inputs(english, found)) == where(VOICE_STAGE, Inputs(both, found))
    assert where(SPEECH_STAGE, Inputs(english, regions)) != where(SPEECH_STAGE, Inputs(both, regions))


def test_stored_outputs_of_released_versions_are_found_again() -> None:
    shots = (ShotResult(span(0, 4), False, ()), ShotResult(span(4, 9), False, ()))
    visual = VisualResult(False, span(0, 9).end, shots, (), 0)
    every = plan(detect_audio_effects=True).scope
    at_first = Inputs(every, {})
    seen = Inputs(every, {VISUAL_STAGE: Made(visual, where(VISUAL_STAGE, at_first))})
    heard = Inputs(
        every, {SOUND_STAGE: Made(SoundResult(True, 9, 0, (Programme((1,), 9),), 1), where(SOUND_STAGE, at_first))}
    )
    voiced = Inputs(every, {**heard.outcomes, VOICE_STAGE: Made(VoiceResult((ProgrammeVoice((span(0, 4),)),)))})
    said = SpeechResult((utterance("hi", 0, 4),))
    spoken = Inputs(every, {**heard.outcomes, SPEECH_STAGE: Made(said)})
    ced, wespeaker = EngineChoice("ced", "1", "ced-tiny", "/w"), EngineChoice("wespeaker", "1", "wespeaker-resnet34")
    minilm = EngineChoice("sentence-embedding", "1", "all-minilm-l6-v2", "/w")

    assert {
        "visual": where(VISUAL_STAGE, at_first),
        "sound": where(SOUND_STAGE, at_first),
        "faces": where(stage("faces"), seen),
        "text": where(stage("text"), seen),
        "pictures": where(stage("pictures"), seen),
        "voice": where(VOICE_STAGE, heard),
        "speech": where(SPEECH_STAGE, voiced),
        "speakers": address_of(SPEAKERS_STAGE, SpeakersOptions(choice=wespeaker, utterances=(span(0, 4),)), spoken),
        "sounds": address_of(SOUNDS_STAGE, SoundsOptions(choice=ced), heard),
        "meaning": address_of(MEANING_STAGE, MeaningOptions(choice=minilm, texts=("hi", "")), at_first),
    } == {
        "visual": "5221fe97747af14b1b88c01d6bace4caedc414a4fae1733df9349b41220e1ff2",
        "sound": "660ae890a9b9ffe05215aee90b9401c7e1e70cebef1ff4ff7ecadcd4f198aac3",
        "faces": "9f0ca3e47c10ce456bf545b011be18b01612ea2f849e48a91ead3ac053421bc8",
        "text": "6f1a39610ee4c57ce162b7a96c06a935cacad6001100953687dac38d1f6587bd",
        "pictures": "dca575ab49fbe6c33bcc56d61e8d65f28e2dc55f87b43d4011748e771bb6f807",
        "voice": "aba0ded010d2998bb0653a9d0f1b75c3e74e45b0979b3542f57a729e5794ca67",
        "speech": "102898f3123698a36e495cb1e4744b6b7bace1d03d1a15817d8dabdf1ffcbdc5",
        "speakers": "d547b2b58b298daf283e647933e6f292022e5825533f92abfa4e8ce91eba1350",
        "sounds": "76dd61f67ac7388f463feecfc00eca5b086db480c824145ce6ed88cefcd91f9b",
        "meaning": "36f0f615dce6c292a20883068f60b3b439acf34e2fa3d1bec36633235f005583",
    }


def test_scenes_are_as_long_as_asked() -> None:
    asked = AnalysisSetting(analysis_person_count=0, min_scene_duration_sec=12, max_scene_duration_sec=34)

    assert (scene_length(asked).min_seconds, scene_length(asked).max_seconds) == (Fraction(12), Fraction(34))
    assert scene_length(AnalysisSetting(analysis_person_count=0, scene_range="EXTRA_SHORT")).max_seconds == 20


def stage(name: str) -> Stage[Any]:
    [found] = [one for one in STAGES if one.name == name]
    return found


def where(of: Stage[Any], inputs: Inputs) -> str:
    options = of.options(inputs)
    return address_of(of, cast("msgspec.Struct", options), inputs)
