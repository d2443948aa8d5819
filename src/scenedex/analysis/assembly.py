"""Scenes of an index, assembled from the results of the stages. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stages.faces import FACES_STAGE
from scenedex.analysis.stages.lines import lines_of
from scenedex.analysis.stages.music import MUSIC_STAGE
from scenedex.analysis.stages.scene_times import SceneTimes
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.analysis.stages.sound import SOUND_STAGE
from scenedex.analysis.stages.sounds import SOUNDS_STAGE
from scenedex.analysis.stages.terms import TERMS_STAGE
from scenedex.analysis.stages.text import TEXT_STAGE
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.analysis.vectors import vectors_of
from scenedex.index.records import (
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedShot,
    IndexedSound,
    IndexedText,
    IndexedWord,
    SoundType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.scenes import GroupedScene
    from scenedex.analysis.stages.sound import SoundResult
    from scenedex.analysis.stages.speech import Utterance, UtteranceWord
    from scenedex.analysis.stages.visual import VisualResult

_WHITE: Final = 255


def assemble(inputs: Inputs, persons: Mapping[int, int]) -> tuple[IndexedScene, ...]:
    """Return the scenes of the index, numbered from 1. Shots and lines are numbered through all of them.

    Args:
        inputs: outcomes of the stages.
        persons: person of each track of a face, by the position of the track. Tracks of unknown people are missing.
    """
    visual = inputs.stored(VISUAL_STAGE)
    scenes = inputs.of(SCENES_STAGE).scenes
    times = SceneTimes(scenes)
    shots = _shots(scenes, visual.key)
    vectors = vectors_of(inputs)
    brightness = _brightness(scenes, inputs.of(VISUAL_STAGE))
    seen = _persons(inputs, persons, times)
    keywords = _keywords(inputs, times)
    texts = _texts(inputs, times)
    lines = _lines(inputs, times)
    sounds = _sounds(inputs, times)
    return tuple(
        IndexedScene(
            scene_id=place + 1,
            start_ms=range_.start.ms,
            end_ms=range_.end.ms,
            keyframe_key=visual.key(scenes[place].shots[scenes[place].keyframe_of].file),
            shots=shots[place],
            persons=seen[place],
            keywords=keywords[place],
            texts=texts[place],
            scripts=lines[place],
            sounds=sounds[place],
            vectors=vectors[place],
            brightness=brightness[place],
        )
        for place, range_ in enumerate(times.ranges)
    )


def _shots(scenes: Sequence[GroupedScene], key: Callable[[str], str]) -> list[tuple[IndexedShot, ...]]:
    number = 0
    shots: list[tuple[IndexedShot, ...]] = []
    for scene in scenes:
        members: list[IndexedShot] = []
        for one in scene.shots:
            number += 1
            span = one.shot.range.start.ms, one.shot.range.end.ms
            members.append(IndexedShot(number, *span, key(one.file), one.shot.keyframe.ms))
        shots.append(tuple(members))
    return shots


def _brightness(scenes: Sequence[GroupedScene], found: VisualResult) -> list[float | None]:
    """Return the mean brightness of the keyframes of each scene, from 0 to 1."""
    levels: dict[str, float] = {}
    for still in (still for shot in found.shots for still in shot.stills if still.rows):
        looks = np.frombuffer(still.looks, np.float16).astype(np.float32).reshape(still.rows, 3, -1)
        levels[still.file] = float(looks[:, 0].mean()) / _WHITE
    means: list[float | None] = []
    for scene in scenes:
        known = [levels[one.file] for one in scene.shots if one.file in levels]
        means.append(round(min(max(sum(known) / len(known), 0.0), 1.0), 3) if known else None)
    return means


def _persons(inputs: Inputs, persons: Mapping[int, int], times: SceneTimes) -> list[tuple[IndexedPerson, ...]]:
    seen: list[defaultdict[int, list[IndexedAppearance]]] = [defaultdict(list) for _ in times.ranges]
    tracks = () if (faces := inputs.find(FACES_STAGE)) is None else faces.tracks
    for place, person in persons.items():
        track = tracks[place]
        for part in times.parts(track.span.range()):
            seen[part.scene][person].append(IndexedAppearance(part.start_ms, part.end_ms, round(track.confidence, 3)))
    return [
        tuple(
            sorted(
                (IndexedPerson(person, _joined(appearances)) for person, appearances in scene.items()),
                key=lambda one: one.appearances[0].start_ms,
            )
        )
        for scene in seen
    ]


def _joined(appearances: Iterable[IndexedAppearance]) -> tuple[IndexedAppearance, ...]:
    """Sort appearances by time and join those that touch or overlap."""
    joined: list[IndexedAppearance] = []
    for one in sorted(appearances, key=lambda one: one.start_ms):
        if joined and one.start_ms <= joined[-1].end_ms:
            last = joined[-1]
            joined[-1] = IndexedAppearance(
                last.start_ms, max(last.end_ms, one.end_ms), max(last.confidence, one.confidence)
            )
        else:
            joined.append(one)
    return tuple(joined)


def _keywords(inputs: Inputs, times: SceneTimes) -> list[tuple[IndexedKeyword, ...]]:
    known: list[defaultdict[tuple[str, str], list[IndexedAppearance]]] = [defaultdict(list) for _ in times.ranges]
    for keyword in inputs.of(TERMS_STAGE).keywords:
        for appearance in keyword.appearances:
            for part in times.parts(appearance):
                known[part.scene][keyword.keyword, keyword.category].append(
                    IndexedAppearance(part.start_ms, part.end_ms, keyword.confidence)
                )
    return [
        tuple(
            IndexedKeyword(
                keyword,
                category,
                round(max(one.confidence for one in appearances), 3),
                tuple((one.start_ms, one.end_ms) for one in _joined(appearances)),
            )
            for (keyword, category), appearances in scene.items()
        )
        for scene in known
    ]


def _texts(inputs: Inputs, times: SceneTimes) -> list[tuple[IndexedText, ...]]:
    texts: list[list[IndexedText]] = [[] for _ in times.ranges]
    text = inputs.find(TEXT_STAGE)
    for region in () if text is None else text.regions:
        place = region.place
        for part in times.parts(region.span.range()):
            texts[part.scene].append(
                IndexedText(
                    region.text,
                    round(place.left, 4),
                    round(place.top, 4),
                    round(place.width, 4),
                    round(place.height, 4),
                    round(region.confidence, 3),
                    part.start_ms,
                    part.end_ms,
                )
            )
    return [tuple(scene) for scene in texts]


def _lines(inputs: Inputs, times: SceneTimes) -> list[tuple[IndexedScript, ...]]:
    scripts: list[list[IndexedScript]] = [[] for _ in times.ranges]
    sound = inputs.find(SOUND_STAGE)
    for number, (speaker, said) in enumerate(lines_of(inputs), 1):
        span, confidence = said.span.range(), round(said.confidence, 3)
        scripts[times.mostly_in(span)].append(
            IndexedScript(
                number,
                f"Speaker {speaker}",
                said.text,
                said.language,
                confidence,
                span.start.ms,
                span.end.ms,
                is_rough=said.is_rough,
                words=tuple(_word(word) for word in said.words),
                sound_track=_track_of(said, sound),
            )
        )
    return [tuple(scene) for scene in scripts]


def _track_of(said: Utterance, sound: SoundResult | None) -> int | None:
    """Return the number of the sound track of a line, or `None` if the file has only one."""
    if sound is None or sound.track_count <= 1:
        return None
    return sound.programmes[said.programme].track_at(said.span)


def _word(word: UtteranceWord) -> IndexedWord:
    span = word.span.range()
    return IndexedWord(word.text, span.start.ms, span.end.ms, round(word.confidence, 3))


def _sounds(inputs: Inputs, times: SceneTimes) -> list[tuple[IndexedSound, ...]]:
    sounds: list[list[IndexedSound]] = [[] for _ in times.ranges]
    results = (inputs.find(MUSIC_STAGE), inputs.find(SOUNDS_STAGE))
    events = (event for result in results if result is not None for event in result.events)
    for event in sorted(events, key=lambda event: event.span.range().start):
        for part in times.parts(event.span.range()):
            kind = msgspec.convert(event.kind, SoundType)
            sounds[part.scene].append(IndexedSound(kind, round(event.confidence, 3), part.start_ms, part.end_ms))
    return [tuple(scene) for scene in sounds]
