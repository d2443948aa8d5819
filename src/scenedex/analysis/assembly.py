"""From what the stages found to the scenes of an index: every finding in the scenes that it belongs to. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.index.records import (
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedShot,
    IndexedSound,
    IndexedText,
    SoundType,
)
from scenedex.timeline import TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scenedex.analysis.findings import Findings, Line
    from scenedex.analysis.stages.scenes import GroupedScene
    from scenedex.analysis.stages.sounds import SoundEvent
    from scenedex.index.records import IndexedVector
    from scenedex.timeline import Timecode

SHORTEST_PART_MS = 80
"""A finding reaches into a scene where at least so much of it lies there; rounding is no appearance."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a finding that lies in one scene, in whole milliseconds."""

    scene: int
    start_ms: int
    end_ms: int


class SceneTimes:
    """Where scenes lie, which tile the asset.

    Args:
        scenes: at least one, in order.
    """

    def __init__(self, scenes: Sequence[GroupedScene]) -> None:
        self.ranges = [TimeRange(one.shots[0].shot.range.start, one.shots[-1].shot.range.end) for one in scenes]
        self._starts = [range_.start for range_ in self.ranges]

    def at(self, time: Timecode) -> int:
        """Position of the scene in which a moment lies; moments outside lie in the first or last."""
        return max(0, bisect_right(self._starts, time) - 1)

    def parts(self, span: TimeRange) -> list[Part]:
        """A finding, divided among the scenes that it lies in; at least one part."""
        first = self.at(span.start)
        last = max(first, min(bisect_left(self._starts, span.end), len(self.ranges)) - 1)
        parts = [self._part(scene, span) for scene in range(first, last + 1)]
        return [part for part in parts if part.end_ms - part.start_ms >= SHORTEST_PART_MS] or [
            max(parts, key=lambda part: part.end_ms - part.start_ms)
        ]

    def mostly_in(self, span: TimeRange) -> int:
        """The scene that holds most of a finding."""
        return max(self.parts(span), key=lambda part: part.end_ms - part.start_ms).scene

    def _part(self, scene: int, span: TimeRange) -> Part:
        range_ = self.ranges[scene]
        start, end = max(span.start, range_.start), min(span.end, range_.end)
        # What lies outside of the asset, if only by rounding, is at its edge.
        start = min(start, range_.end)
        return Part(scene, start.ms, max(start, end).ms)


def assemble(
    found: Findings,
    persons: Mapping[int, int],
    keyframe_key: Callable[[str], str],
    vectors: Mapping[int, tuple[IndexedVector, ...]],
) -> tuple[IndexedScene, ...]:
    """The scenes of the index, numbered from 1; shots and lines are numbered through all of them.

    Args:
        found: what the stages found.
        persons: the person of each track of a face that is somebody's, by the position of the track.
        keyframe_key: the object of a keyframe's file.
        vectors: by the position of the scene.
    """
    times = SceneTimes(found.scenes)
    shots = _shots(found.scenes, keyframe_key)
    seen = _persons(found, persons, times)
    keywords = _keywords(found, times)
    texts = _texts(found, times)
    lines = _lines(found, times)
    sounds = _sounds(found, times)
    return tuple(
        IndexedScene(
            scene_id=place + 1,
            start_ms=range_.start.ms,
            end_ms=range_.end.ms,
            keyframe_key=keyframe_key(found.scenes[place].shots[found.scenes[place].keyframe_of].file),
            shots=shots[place],
            persons=seen[place],
            keywords=keywords[place],
            texts=texts[place],
            scripts=lines[place],
            sounds=sounds[place],
            vectors=vectors.get(place, ()),
        )
        for place, range_ in enumerate(times.ranges)
    )


def words_of_scenes(found: Findings) -> list[str]:
    """What is written and said in each scene, each text once; empty for a scene without words."""
    times = SceneTimes(found.scenes)
    texts: list[dict[str, None]] = [{} for _ in times.ranges]
    if found.text is not None:
        for region in found.text.regions:
            for part in times.parts(region.span.range()):
                texts[part.scene][region.text] = None
    for line in found.lines:
        texts[times.mostly_in(line.range)][line.text] = None
    return ["\n".join(words) for words in texts]


def _shots(scenes: Sequence[GroupedScene], key: Callable[[str], str]) -> list[tuple[IndexedShot, ...]]:
    number = 0
    shots: list[tuple[IndexedShot, ...]] = []
    for scene in scenes:
        members: list[IndexedShot] = []
        for one in scene.shots:
            number += 1
            members.append(IndexedShot(number, one.shot.range.start.ms, one.shot.range.end.ms, key(one.file)))
        shots.append(tuple(members))
    return shots


def _persons(found: Findings, persons: Mapping[int, int], times: SceneTimes) -> list[tuple[IndexedPerson, ...]]:
    seen: list[defaultdict[int, list[IndexedAppearance]]] = [defaultdict(list) for _ in times.ranges]
    for place, person in persons.items():
        track = found.tracks[place]
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
    """Appearances in order of time; those that touch or overlap are one."""
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


def _keywords(found: Findings, times: SceneTimes) -> list[tuple[IndexedKeyword, ...]]:
    known: list[defaultdict[tuple[str, str], list[IndexedAppearance]]] = [defaultdict(list) for _ in times.ranges]
    for keyword in found.keywords:
        for span in keyword.appearances:
            for part in times.parts(span.range()):
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


def _texts(found: Findings, times: SceneTimes) -> list[tuple[IndexedText, ...]]:
    texts: list[list[IndexedText]] = [[] for _ in times.ranges]
    for region in () if found.text is None else found.text.regions:
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


def _lines(found: Findings, times: SceneTimes) -> list[tuple[IndexedScript, ...]]:
    scripts: list[list[IndexedScript]] = [[] for _ in times.ranges]
    placed: list[tuple[int, Line]] = [(times.mostly_in(line.range), line) for line in found.lines]
    for number, (scene, line) in enumerate(placed, 1):
        scripts[scene].append(
            IndexedScript(
                number,
                f"Speaker {line.speaker}",
                line.text,
                line.language,
                round(line.confidence, 3),
                line.range.start.ms,
                line.range.end.ms,
            )
        )
    return [tuple(scene) for scene in scripts]


def _sounds(found: Findings, times: SceneTimes) -> list[tuple[IndexedSound, ...]]:
    sounds: list[list[IndexedSound]] = [[] for _ in times.ranges]
    for event in found.sounds:
        for part in times.parts(event.span.range()):
            sounds[part.scene].append(
                IndexedSound(_sound_type(event), round(event.confidence, 3), part.start_ms, part.end_ms)
            )
    return [tuple(scene) for scene in sounds]


def _sound_type(event: SoundEvent) -> SoundType:
    return msgspec.convert(event.kind, SoundType)
