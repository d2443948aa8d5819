"""Part of an index between two times, for exports of a range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenedex.index.records import Index, IndexedKeyword, IndexedPerson, IndexedScene


class _Timed(Protocol):
    @property
    def start_ms(self) -> int: ...

    @property
    def end_ms(self) -> int: ...


T = TypeVar("T", bound=_Timed)


@dataclass(frozen=True, slots=True)
class ExportRange:
    """Times ``[start_ms, end_ms)`` of a media file. Without an end it reaches to the end of the file."""

    start_ms: int
    end_ms: int | None

    def touches(self, start_ms: int, end_ms: int) -> bool:
        """Return whether a part of ``[start_ms, end_ms)`` is in the range."""
        return end_ms > self.start_ms and (self.end_ms is None or start_ms < self.end_ms)

    def clamp(self, milliseconds: int) -> int:
        """Return the nearest time in the range."""
        latest = milliseconds if self.end_ms is None else min(milliseconds, self.end_ms)
        return max(latest, self.start_ms)


def index_within(index: Index, times: ExportRange) -> Index:
    """Return the part of an index in a range. Scenes and shots end with the range, findings in it stay whole."""
    scenes = [scene for scene in index.scenes if times.touches(scene.start_ms, scene.end_ms)]
    return replace(index, scenes=tuple(_scene(scene, times) for scene in scenes))


def _scene(scene: IndexedScene, times: ExportRange) -> IndexedScene:
    shots = [
        replace(shot, start_ms=times.clamp(shot.start_ms), end_ms=times.clamp(shot.end_ms))
        for shot in _touching(scene.shots, times)
    ]
    persons = (_person(person, times) for person in scene.persons)
    keywords = (_keyword(keyword, times) for keyword in scene.keywords)
    return replace(
        scene,
        start_ms=times.clamp(scene.start_ms),
        end_ms=times.clamp(scene.end_ms),
        shots=tuple(shots),
        persons=tuple(person for person in persons if person.appearances),
        keywords=tuple(keyword for keyword in keywords if keyword.appearances),
        texts=_touching(scene.texts, times),
        scripts=_touching(scene.scripts, times),
        sounds=_touching(scene.sounds, times),
    )


def _person(person: IndexedPerson, times: ExportRange) -> IndexedPerson:
    return replace(person, appearances=_touching(person.appearances, times))


def _keyword(keyword: IndexedKeyword, times: ExportRange) -> IndexedKeyword:
    return replace(keyword, appearances=tuple(span for span in keyword.appearances if times.touches(*span)))


def _touching(found: Iterable[T], times: ExportRange) -> tuple[T, ...]:
    return tuple(one for one in found if times.touches(one.start_ms, one.end_ms))
