"""Faces of single stills become tracks: the same face over time, within one shot."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.timeline import BoundingBox, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.faces import FaceQuality

EMBEDDINGS_KEPT: Final = 3
LONGEST_ABSENCE: Final = Fraction(3)
"""Seconds after which a face that returns within a shot begins another track."""

_HALF_STEP = Fraction(1, 4)  # of the usual distance of stills
_MOMENT = Fraction(1)
_MIN_OVERLAP = 0.3
_OVERLAP_WEIGHT = 0.2  # of a full overlap, in units of what separates `same_person` from 1
_LENIENCE = 1.35  # how much further than `same_person` a face may be from one that was in its place a moment ago
_ALIKE = 0.2  # vectors nearer than this share of that distance say nothing beyond each other
_POOR = 0.6  # likenesses of less than this share of the best one's quality are dropped
_DECIMALS = 5


class Sighting(msgspec.Struct, frozen=True, array_like=True):
    """A face in one still."""

    time: Moment
    place: Place


class FaceTrack(msgspec.Struct, frozen=True):
    """The same face over time, within one shot.

    Attributes:
        span: when it is to be seen: while the stills stand that show it, and between them.
        shot: position of the shot among the shots of the asset, from 0.
        confidence: that it is a face, 0 to 1, where it is clearest.
        sightings: the stills that show it, in order of time.
        embeddings: unit vectors of its best likenesses, best first, one to three, float32 little-endian.
        quality: of the best likeness, 0 to 1.
        is_presentable: whether the best likeness may define a person.
        prominence: share of the picture times seconds; a still picture counts as one second.
        crop: file in the work folder with the best likeness, a square JPEG; empty where none was made.
    """

    span: Span
    shot: int
    confidence: float
    sightings: tuple[Sighting, ...]
    embeddings: tuple[bytes, ...]
    quality: float
    is_presentable: bool
    prominence: float
    crop: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SeenFace:
    """A face in one still, with its unit vector."""

    box: BoundingBox
    embedding: NDArray[np.float32]
    quality: FaceQuality


@dataclass(frozen=True, slots=True)
class Standing:
    """What one still stands for.

    Attributes:
        time: its moment.
        range: the part of its shot that it shows.
        shot: position of the shot, from 0.
        seconds: its weight: the length of the range, and 1 for a still picture.
    """

    time: Timecode
    range: TimeRange
    shot: int
    seconds: float


@dataclass(slots=True, eq=False)
class GrowingTrack:
    """A track that may go on."""

    shot: int
    start: Timecode
    end: Timecode
    sightings: list[Sighting] = field(default_factory=list[Sighting])
    likenesses: list[SeenFace] = field(default_factory=list[SeenFace])
    best: SeenFace | None = None
    confidence: float = 0.0
    prominence: float = 0.0
    last: SeenFace | None = None

    def see(self, face: SeenFace, still: Standing, alike: float) -> bool:
        """Takes the face of the next still; says whether it is the best likeness so far.

        Vectors whose cosine is above ``alike`` say the same.
        """
        self.end = still.range.end
        self.last = face
        self.sightings.append(Sighting(Moment.of(still.time), _rounded(face.box)))
        self.confidence = max(self.confidence, face.quality.confidence)
        self.prominence += face.box.area * still.seconds
        self._keep(face, alike)
        is_best = self.best is None or _rank(face) > _rank(self.best)
        if is_best:
            self.best = face
        return is_best

    def finished(self, crop: str) -> FaceTrack:
        """What it came to."""
        assert self.best is not None  # noqa: S101  # a track begins with a face
        likenesses = sorted(self.likenesses, key=_rank, reverse=True)
        floor = _POOR * likenesses[0].quality.score
        return FaceTrack(
            span=Span.of(TimeRange(self.start, self.end)),
            shot=self.shot,
            confidence=self.confidence,
            sightings=tuple(self.sightings),
            embeddings=tuple(
                face.embedding.astype("<f4").tobytes() for face in likenesses if face.quality.score >= floor
            ),
            quality=self.best.quality.score,
            is_presentable=self.best.quality.is_presentable,
            prominence=self.prominence,
            crop=crop,
        )

    def nearness(self, face: SeenFace) -> float:
        """Highest cosine between the face and a likeness of this track."""
        vectors = [known.embedding for known in self.likenesses]
        if self.last is not None:
            vectors.append(self.last.embedding)
        return float((np.stack(vectors) @ face.embedding).max())

    def _keep(self, face: SeenFace, alike: float) -> None:
        """Holds on to the face if it is among the best that do not say the same."""
        for n, known in enumerate(self.likenesses):
            if float(known.embedding @ face.embedding) > alike:
                if _rank(face) > _rank(known):
                    self.likenesses[n] = face
                return
        self.likenesses.append(face)
        if len(self.likenesses) > EMBEDDINGS_KEPT:
            self.likenesses.remove(min(self.likenesses, key=_rank))


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """A track that took a face; whether that face is its best likeness so far."""

    track: GrowingTrack
    is_best: bool


class FaceTracker:
    """Takes the faces of one still after another, in order of time.

    Args:
        same_person: cosine above which two vectors are of one person.
    """

    def __init__(self, same_person: float) -> None:
        self._distance = 1 - same_person
        self._same_person = same_person
        self._lenient = 1 - _LENIENCE * self._distance
        self._alike = 1 - _ALIKE * self._distance
        self._open: list[GrowingTrack] = []

    def feed(self, faces: Sequence[SeenFace], still: Standing) -> list[Grown]:
        """Gives each face of a still to a track, no two to one; the tracks, in the order of the faces."""
        pairs = [
            (closeness, n, track)
            for n, face in enumerate(faces)
            for track in self._open
            if (closeness := self._closeness(track, face, still)) is not None
        ]
        taken: dict[int, GrowingTrack] = {}
        for _, n, track in sorted(pairs, key=lambda pair: -pair[0]):
            if n not in taken and track not in taken.values():
                taken[n] = track
        grown: list[Grown] = []
        for n, face in enumerate(faces):
            track = taken.get(n)
            if track is None:
                track = GrowingTrack(still.shot, still.range.start, still.range.end)
                self._open.append(track)
            grown.append(Grown(track, track.see(face, still, self._alike)))
        return grown

    def ended(self, still: Standing | None = None) -> list[GrowingTrack]:
        """Takes out the tracks that no face of this still, nor of a later one, can join; without a still, all."""
        over = [track for track in self._open if still is None or _is_over(track, still)]
        self._open = [track for track in self._open if track not in over]
        return over

    def _closeness(self, track: GrowingTrack, face: SeenFace, still: Standing) -> float | None:
        """How well a face goes on with a track; None where it is another's."""
        if track.last is None or _is_over(track, still):
            return None
        cosine = track.nearness(face)
        overlap = track.last.box.overlap(face.box)
        is_still_there = overlap >= _MIN_OVERLAP and still.range.start - track.end <= _MOMENT
        if cosine < (self._lenient if is_still_there else self._same_person):
            return None
        return cosine + _OVERLAP_WEIGHT * overlap * self._distance


def _is_over(track: GrowingTrack, still: Standing) -> bool:
    return track.shot != still.shot or still.range.start - track.end > LONGEST_ABSENCE


def standing_times(times: Sequence[Timecode], shots: Sequence[TimeRange]) -> list[Standing]:
    """What each still stands for.

    A still gives way to the next in the middle between both, at most a quarter of a second before the next: where
    stills lie further apart than half a second, the picture did not change. The first one of a shot stands from its
    start, if that is no more than half a second before, and the last one to its end.

    Args:
        times: moments of the stills, in order.
        shots: ranges that tile the asset, at least one.
    """
    placed: list[Standing] = []
    shot = 0
    for n, time in enumerate(times):
        while shot + 1 < len(shots) and shots[shot + 1].start <= time:
            shot += 1
        whole = shots[shot]
        before = times[n - 1] if n and times[n - 1] >= whole.start else None
        start = time + -(2 * _HALF_STEP if before is None else min(_HALF_STEP, (time - before) / 2))
        end = whole.end
        if n + 1 < len(times) and (following := times[n + 1]) < whole.end:
            end = following + -min(_HALF_STEP, (following - time) / 2)
        start = min(time, max(whole.start, start))
        range_ = TimeRange(start, max(start, end))
        placed.append(Standing(time, range_, shot, float(range_.duration) if whole.duration else 1.0))
    return placed


def _rank(face: SeenFace) -> tuple[bool, float]:
    return face.quality.is_presentable, face.quality.score


def _rounded(box: BoundingBox) -> Place:
    left, top = round(box.left, _DECIMALS), round(box.top, _DECIMALS)
    return Place(left, top, round(min(box.width, 1 - left), _DECIMALS), round(min(box.height, 1 - top), _DECIMALS))
