"""An index as an edit of its media file: cuts that follow one another, and marks on them, counted in frames."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from scenedex.index.exports.cues import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scenedex.index.exports.formats import FrameRate
    from scenedex.index.records import Index, IndexedPerson, IndexedScene, IndexedScript

MarkKind = Literal["person", "keyword", "text", "script", "audioEffect"]
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding, by the times that the index has."""

    kind: MarkKind
    name: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark on a cut, in frames ``[start, end)`` of the media; at least one, none outside the cut."""

    mark: Mark
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A part ``[start, end)`` of the media in frames, at least one; ``shot_id`` is None where it is a whole scene."""

    scene_id: int
    shot_id: int | None
    start: int
    end: int
    marks: tuple[PlacedMark, ...] = ()

    @property
    def name(self) -> str:
        """What editors see."""
        return f"Scene {self.scene_id}" + ("" if self.shot_id is None else f" Shot {self.shot_id}")


def cuts_of(index: Index, rate: FrameRate, *, most: int | None = None) -> tuple[Cut, ...]:
    """Cuts that follow one another without a gap: the shots that last a frame; never none.

    Where these are more than ``most``, the cuts are the scenes. Each finding is a mark on the cut in which it begins.
    """
    shots = (
        (scene.scene_id, shot.shot_id, shot.start_ms, shot.end_ms) for scene in index.scenes for shot in scene.shots
    )
    cuts = _lasting(shots, rate)
    if most is not None and len(cuts) > most:
        cuts = _lasting(((scene.scene_id, None, scene.start_ms, scene.end_ms) for scene in index.scenes), rate)
    return _marked(cuts or [Cut(1, None, 0, 1)], index, rate)


def _lasting(spans: Iterable[tuple[int, int | None, int, int]], rate: FrameRate) -> list[Cut]:
    return [
        Cut(scene_id, shot_id, start, end)
        for scene_id, shot_id, start_ms, end_ms in spans
        if (start := rate.frame_at(start_ms)) < (end := rate.frame_at(end_ms))
    ]


def _marked(cuts: Sequence[Cut], index: Index, rate: FrameRate) -> tuple[Cut, ...]:
    starts = [cut.start for cut in cuts]
    marks: defaultdict[int, list[PlacedMark]] = defaultdict(list)
    for mark in sorted(marks_of(index.scenes), key=lambda mark: mark.start_ms):
        number = max(0, bisect_right(starts, rate.frame_at(mark.start_ms)) - 1)
        marks[number].append(placed(mark, cuts[number].start, cuts[number].end, rate))
    return tuple(replace(cut, marks=tuple(marks[number])) for number, cut in enumerate(cuts))


def placed(mark: Mark, start: int, end: int, rate: FrameRate) -> PlacedMark:
    """A mark on a cut ``[start, end)``."""
    first = min(max(rate.frame_at(mark.start_ms), start), end - 1)
    return PlacedMark(mark, first, min(max(rate.frame_at(mark.end_ms), first + 1), end))


def marks_of(scenes: Sequence[IndexedScene]) -> Iterator[Mark]:
    """Every finding of the scenes."""
    for scene in scenes:
        for person in scene.persons:
            for seen in person.appearances:
                yield Mark("person", called(person), seen.start_ms, seen.end_ms, seen.confidence)
        for keyword in scene.keywords:
            for start_ms, end_ms in keyword.appearances:
                yield Mark("keyword", _name(keyword.keyword), start_ms, end_ms, keyword.confidence)
        for text in scene.texts:
            yield Mark("text", _name(text.text), text.start_ms, text.end_ms, text.confidence)
        for line in scene.scripts:
            yield Mark("script", _name(said(line)), line.start_ms, line.end_ms, line.confidence)
        for sound in scene.sounds:
            yield Mark("audioEffect", sound.type, sound.start_ms, sound.end_ms, sound.confidence)


def called(person: IndexedPerson) -> str:
    """What a person is called: the name, or the id where there is none."""
    return one_line(person.name or "") or f"ID {person.person_id}"


def said(line: IndexedScript) -> str:
    """A line with its speaker."""
    return one_line(f"{line.speaker}: {line.text}")


def _name(text: str) -> str:
    name = one_line(text)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
