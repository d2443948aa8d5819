"""Stage: shots grouped into scenes, with a keyframe for each shot and scene. Pure and cheap, so it is not stored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.analysis.stage import Inputs, Stage, WorkerStep
from scenedex.analysis.stages.sounds import SOUNDS_STAGE
from scenedex.analysis.stages.speakers import SPEAKERS_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE
from scenedex.analysis.stages.visual import VISUAL_STAGE, WHOLE_PICTURE
from scenedex.engines import scenes
from scenedex.engines.scenes import SceneLength, ScenePreset, grouping
from scenedex.engines.scenes.hearing import SILENCE, HeardSounds, HeardSpeech
from scenedex.engines.scenes.looks import SeenShot, ShotStill
from scenedex.timeline import Shot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.analysis.stages.visual import ShotStillResult, VisualResult
    from scenedex.engines.engine import Engine
    from scenedex.index.records import AnalysisSetting


@dataclass(frozen=True, slots=True)
class PicturedShot:
    """A shot, or the part of one that belongs to a scene, and the file of its keyframe."""

    shot: Shot
    file: str


@dataclass(frozen=True, slots=True)
class GroupedScene:
    """Shots that tile a scene, and the position (from 0) of the shot whose keyframe is that of the scene."""

    shots: tuple[PicturedShot, ...]
    keyframe_of: int


@dataclass(frozen=True, slots=True)
class ScenesResult:
    """Scenes that tile the asset, and the engine that grouped the shots."""

    scenes: tuple[GroupedScene, ...]
    engine: Engine


def scene_length(setting: AnalysisSetting) -> SceneLength:
    """Return the bounds on the length of scenes that a request asks for."""
    shortest, longest = setting.min_scene_duration_sec, setting.max_scene_duration_sec
    if shortest is None or longest is None:
        return SceneLength.of(ScenePreset(setting.scene_range or ScenePreset.MEDIUM.value))
    return SceneLength(Fraction(shortest), Fraction(longest))


def group(found: VisualResult, length: SceneLength, heard: HeardSounds = SILENCE) -> tuple[GroupedScene, ...]:
    """Group the shots of an asset into scenes. A picture is one scene from 0 to 0."""
    files = {still.time.timecode(): still.file for shot in found.shots for still in shot.stills}
    if found.is_picture:
        (shot,) = found.shots
        (still,) = shot.stills
        return (GroupedScene((PicturedShot(Shot(shot.span.range(), still.time.timecode()), still.file),), 0),)
    seen = [
        SeenShot(shot.span.range(), tuple(_shot_still(one) for one in shot.stills), shot.begins_gradually)
        for shot in found.shots
    ]
    return tuple(
        GroupedScene(
            tuple(PicturedShot(shot, files[shot.keyframe]) for shot in one.scene.shots),
            next(place for place, shot in enumerate(one.scene.shots) if shot.keyframe == one.scene.keyframe),
        )
        for one in grouping.group(seen, length, heard)
    )


def _shot_still(found: ShotStillResult) -> ShotStill:
    looks = np.frombuffer(found.looks, np.float16).astype(np.float32).reshape(found.rows, -1)
    return ShotStill(found.time.timecode(), found.quality, looks)


def heard_sounds(inputs: Inputs) -> HeardSounds:
    """Return what the stages of sound found, as far as they ran."""
    speech, speakers, sounds = inputs.find(SPEECH_STAGE), inputs.find(SPEAKERS_STAGE), inputs.find(SOUNDS_STAGE)
    utterances = () if speech is None else speech.utterances
    numbers: list[int | None] = [None] * len(utterances)
    # With one speaker for all utterances, voices were not compared or tell nothing.
    if speakers is not None and len(set(speakers.speakers)) > 1:
        numbers = list(speakers.speakers)
    # Further tracks translate or comment on what is said in the first.
    first = min((one.programme for one in utterances), default=0)
    return HeardSounds(
        [
            HeardSpeech(one.span.range(), number)
            for one, number in zip(utterances, numbers, strict=True)
            if one.programme == first
        ],
        () if sounds is None else [event.span.range() for event in sounds.events],
    )


async def _run(inputs: Inputs, _options: None, _report: Callable[[float], Awaitable[None]]) -> ScenesResult:
    visual = inputs.of(VISUAL_STAGE)
    grouped = group(visual, scene_length(inputs.scope.setting), heard_sounds(inputs))
    return ScenesResult(grouped, WHOLE_PICTURE if visual.is_picture else scenes.LINKED_LOOKS)


SCENES_STAGE: Final = Stage(
    name="scenes",
    version="3",
    result=ScenesResult,
    step=WorkerStep(function=_run),
    options=lambda _inputs: None,
    needs=(VISUAL_STAGE,),
    uses=(SPEECH_STAGE, SPEAKERS_STAGE, SOUNDS_STAGE),
    produced_by=lambda found: [(scenes.SCENES.name, found.engine)],
)
