"""The walk of one analysis through its stages: what is seen beside what is heard."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scenedex.analysis.findings import Findings, keywords_of, lines_of
from scenedex.analysis.stages import scenes
from scenedex.index.records import Engine

if TYPE_CHECKING:
    from scenedex.analysis.labels import LabelVectors
    from scenedex.analysis.plan import Plan
    from scenedex.analysis.stages.face_tracks import FaceTrack
    from scenedex.analysis.stages.faces import FacesResult
    from scenedex.analysis.stages.pictures import PicturesResult
    from scenedex.analysis.stages.sounds import SoundEvent
    from scenedex.analysis.stages.speakers import SpeakersResult
    from scenedex.analysis.stages.speech import SpeechResult
    from scenedex.analysis.stages.text import TextResult
    from scenedex.analysis.stages.visual import VisualResult
    from scenedex.analysis.steps import Made, Steps
    from scenedex.engines.scenes import SceneLength

TERMS = Engine("keywords", "text-terms", "1")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the stages made that look at pictures."""

    visual: Made[VisualResult]
    faces: Made[FacesResult] | None
    text: TextResult | None
    pictures: PicturesResult | None

    @property
    def tracks(self) -> tuple[FaceTrack, ...]:
        """Faces over time."""
        return () if self.faces is None else self.faces.result.tracks


@dataclass(frozen=True, slots=True)
class Heard:
    """What the stages made that listen."""

    has_sound: bool = False
    speech: SpeechResult | None = None
    speakers: SpeakersResult | None = None
    sounds: tuple[SoundEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Walked:
    """All that was found, and the outputs whose files are shown."""

    findings: Findings
    visual: Made[VisualResult]
    faces: Made[FacesResult] | None


async def walk(plan: Plan, steps: Steps, length: SceneLength, labels: LabelVectors) -> Walked:
    """All stages of one analysis; those that listen run beside those that look.

    Args:
        plan: what each stage is told.
        steps: runs them.
        length: bounds of scenes.
        labels: what the vocabulary means.

    Raises:
        MediaUnreadable: the media cannot be used.
        StageFailed: a child process failed on this file.
    """
    try:
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(_look(plan, steps, labels))
            listening = group.create_task(_listen(plan, steps))
    except ExceptionGroup as errors:
        # One reason is enough, and the first is the one that stopped the rest.
        raise errors.exceptions[0] from None
    seen, heard = looking.result(), listening.result()
    visual = seen.visual.result
    grouped = scenes.group(visual, length)
    grouping = scenes.engine_for(visual)
    engines = [Engine(one.stage, one.name, one.version, one.weights) for one in visual.engines]
    engines.append(Engine(scenes.NAME, grouping.name, grouping.version, grouping.weights))
    engines.append(TERMS)
    findings = Findings(
        visual=visual,
        scenes=grouped,
        tracks=seen.tracks,
        text=seen.text,
        lines=lines_of(heard.speech, heard.speakers),
        sounds=heard.sounds,
        keywords=await asyncio.to_thread(keywords_of, seen.text, heard.speech, seen.pictures, grouped),
        pictures=seen.pictures,
        engines=plan.engines(engines, has_sound=heard.has_sound),
    )
    return Walked(findings, seen.visual, seen.faces)


async def _look(plan: Plan, steps: Steps, labels: LabelVectors) -> Seen:
    step = plan.visual()
    visual = await steps.make(step)
    stills = partial(steps.artefact, step)
    faces = text = pictures = None
    if (choice := plan.choice("faces")) is not None:
        shots = tuple(shot.span for shot in visual.result.shots)
        faces = await steps.make(plan.faces(visual.address, shots, choice), stills)
    if (choice := plan.choice("text")) is not None:
        text = (await steps.make(plan.text(visual.address, visual.result, choice), stills)).result
    if (choice := plan.choice("pictures")) is not None:
        known: tuple[bytes, ...] = ()
        if (labeller := plan.choice("labels")) is not None and not await steps.has(
            plan.pictures(visual.address, choice)
        ):
            known = await labels.of(labeller)
        pictures = (await steps.make(plan.pictures(visual.address, choice, known), stills)).result
    return Seen(visual, faces, text, pictures)


async def _listen(plan: Plan, steps: Steps) -> Heard:
    if not plan.needs_sound:
        return Heard()
    step = plan.sound()
    sound = await steps.make(step)
    if not sound.result.has_sound:
        return Heard()
    samples = partial(steps.artefact, step)
    speech = speakers = None
    events: tuple[SoundEvent, ...] = ()
    if (choice := plan.choice("sounds")) is not None:
        events = (await steps.make(plan.sounds(sound.address, choice), samples)).result.events
    voice_choice, choice = plan.choice("voice"), plan.choice("speech")
    if voice_choice is not None and choice is not None:
        voice = await steps.make(plan.voice(sound.address, voice_choice), samples)
        said = await steps.make(plan.speech(sound.address, voice.result.regions, choice), samples)
        speech = said.result
        if (choice := plan.choice("speakers")) is not None:
            speakers = (await steps.make(plan.speakers(sound.address, speech, choice), samples)).result
    return Heard(has_sound=True, speech=speech, speakers=speakers, sounds=events)
