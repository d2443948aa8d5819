"""Tracking of faces from still to still within one shot."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.timeline import BoundingBox, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stages.face_views import FaceView
    from scenedex.engines.faces.quality import FaceQuality

MAX_EMBEDDINGS: Final = 3
MAX_ABSENCE: Final = Fraction(3)
"""Seconds after which a face that returns within a shot starts another track."""

_HALF_INTERVAL = Fraction(1, 4)  # seconds: half the usual interval between stills
_MAX_GAP_IN_PLACE = Fraction(1)  # seconds
_MIN_OVERLAP = 0.3
_OVERLAP_WEIGHT = 0.2  # of a full overlap, as a share of the distance from `same_person` to 1
_IN_PLACE_TOLERANCE = 1.5  # factor on that distance for a face in the place of the last one
_MIN_SHARE_IN_PLACE = 0.5  # of `same_person`, below which a face in that place is another one
_DUPLICATE_SHARE = 0.2  # vectors closer than this share of that distance are duplicates
_MIN_QUALITY_SHARE = 0.6  # views of less than this share of the best one's quality are dropped
_DECIMALS = 5


class Sighting(msgspec.Struct, frozen=True, array_like=True):
    """Face in one still."""

    time: Moment
    place: Place


class FaceTrack(msgspec.Struct, frozen=True):
    """Face followed over time within one shot.

    Attributes:
        span: time in which it is visible: the ranges of the stills that show it, and the gaps between them.
        shot: position of the shot among the shots of the asset, from 0.
        confidence: highest confidence that it is a face, 0 to 1.
        sightings: stills that show it, in order of time.
        embeddings: unit vectors of its best views, best first, one to three, float32 little-endian.
        quality: quality of the best view, 0 to 1.
        is_presentable: whether the best view may define a person.
        prominence: share of the picture times seconds. A still picture counts as one second.
        crop: file in the work folder with the best view, a square JPEG. Empty if there is none.
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
class EmbeddedFace:
    """Face in one still, with its unit vector. If that one is rough, with the view from which to describe the face."""

    box: BoundingBox
    embedding: NDArray[np.float32]
    quality: FaceQuality
    view: FaceView | None = None


@dataclass(frozen=True, slots=True)
class StillRange:
    """Time range that one still represents.

    Attributes:
        time: time of the still.
        range: part of its shot that the still represents.
        shot: position of the shot, from 0.
        seconds: length of the range. 1 for a still picture.
    """

    time: Timecode
    range: TimeRange
    shot: int
    seconds: float


@dataclass(slots=True, eq=False)
class OpenTrack:
    """Track that further faces may join."""

    shot: int
    start: Timecode
    end: Timecode
    sightings: list[Sighting] = field(default_factory=list[Sighting])
    views: list[EmbeddedFace] = field(default_factory=list[EmbeddedFace])
    best: EmbeddedFace | None = None
    confidence: float = 0.0
    prominence: float = 0.0
    last: EmbeddedFace | None = None

    def add(self, face: EmbeddedFace, still: StillRange, duplicate_cosine: float) -> bool:
        """Add the face of the next still. Return whether it is the best view so far.

        A view whose cosine to a kept one is above ``duplicate_cosine`` replaces it or is dropped.
        """
        self.end = still.range.end
        self.last = face
        self.sightings.append(Sighting(Moment.of(still.time), _rounded(face.box)))
        self.confidence = max(self.confidence, face.quality.confidence)
        self.prominence += face.box.area * still.seconds
        self._keep_view(face, duplicate_cosine)
        is_best = self.best is None or _rank(face) > _rank(self.best)
        if is_best:
            self.best = face
        return is_best

    def to_track(self, crop: str, describe: Callable[[EmbeddedFace], NDArray[np.float32]]) -> FaceTrack:
        """Return the finished track. ``describe`` returns the final vector of a view."""
        assert self.best is not None  # noqa: S101  # a track starts with a face
        views = sorted(self.views, key=_rank, reverse=True)
        # A profile or a covered face says little about a person of whom there is a good view.
        views = [view for view in views if view.quality.is_presentable] or views
        floor = _MIN_QUALITY_SHARE * views[0].quality.score
        return FaceTrack(
            span=Span.of(TimeRange(self.start, self.end)),
            shot=self.shot,
            confidence=self.confidence,
            sightings=tuple(self.sightings),
            embeddings=tuple(describe(face).astype("<f4").tobytes() for face in views if face.quality.score >= floor),
            quality=self.best.quality.score,
            is_presentable=self.best.quality.is_presentable,
            prominence=self.prominence,
            crop=crop,
        )

    def similarity(self, face: EmbeddedFace) -> float:
        """Return the highest cosine between a face and a kept view or the last face of this track."""
        vectors = [view.embedding for view in self.views]
        if self.last is not None:
            vectors.append(self.last.embedding)
        return float((np.stack(vectors) @ face.embedding).max())

    def _keep_view(self, face: EmbeddedFace, duplicate_cosine: float) -> None:
        """Keep a face if it is among the best views that differ from one another."""
        for n, view in enumerate(self.views):
            if float(view.embedding @ face.embedding) > duplicate_cosine:
                if _rank(face) > _rank(view):
                    self.views[n] = face
                return
        self.views.append(face)
        if len(self.views) > MAX_EMBEDDINGS:
            self.views.remove(min(self.views, key=_rank))


class FaceTracker:
    """Assigns faces to tracks, still by still in order of time.

    Args:
        same_person: minimum cosine of two vectors of one person.
    """

    def __init__(self, same_person: float) -> None:
        self._distance = 1 - same_person
        self._same_person = same_person
        self._same_in_place = max(1 - _IN_PLACE_TOLERANCE * self._distance, _MIN_SHARE_IN_PLACE * same_person)
        self._duplicate_cosine = 1 - _DUPLICATE_SHARE * self._distance
        self._open: list[OpenTrack] = []

    def feed(self, faces: Sequence[EmbeddedFace], still: StillRange) -> list[tuple[OpenTrack, bool]]:
        """Assign each face of a still to a track of its own.

        Return the tracks in the order of the faces, each with `True` if the face is its best view so far.
        """
        pairs = [
            (score, n, track)
            for n, face in enumerate(faces)
            for track in self._open
            if (score := self._match_score(track, face, still)) is not None
        ]
        taken: dict[int, OpenTrack] = {}
        for _, n, track in sorted(pairs, key=lambda pair: -pair[0]):
            if n not in taken and track not in taken.values():
                taken[n] = track
        updates: list[tuple[OpenTrack, bool]] = []
        for n, face in enumerate(faces):
            track = taken.get(n)
            if track is None:
                track = OpenTrack(still.shot, still.range.start, still.range.end)
                self._open.append(track)
            updates.append((track, track.add(face, still, self._duplicate_cosine)))
        return updates

    def pop_ended(self, still: StillRange | None = None) -> list[OpenTrack]:
        """Remove and return the tracks that no face of this or a later still can join. Without a still, return all."""
        ended = [track for track in self._open if still is None or _has_ended(track, still)]
        self._open = [track for track in self._open if track not in ended]
        return ended

    def _match_score(self, track: OpenTrack, face: EmbeddedFace, still: StillRange) -> float | None:
        """Return how well a face continues a track, or `None` if it does not."""
        if track.last is None or _has_ended(track, still):
            return None
        cosine = track.similarity(face)
        overlap = track.last.box.overlap(face.box)
        is_still_there = overlap >= _MIN_OVERLAP and still.range.start - track.end <= _MAX_GAP_IN_PLACE
        if cosine < (self._same_in_place if is_still_there else self._same_person):
            return None
        return cosine + _OVERLAP_WEIGHT * overlap * self._distance


def _has_ended(track: OpenTrack, still: StillRange) -> bool:
    return track.shot != still.shot or still.range.start - track.end > MAX_ABSENCE


def still_ranges(times: Sequence[Timecode], shots: Sequence[TimeRange]) -> list[StillRange]:
    """Return the time range that each still represents.

    A range ends in the middle between two stills, but at most a quarter of a second before the next one, because the
    picture did not change between stills more than half a second apart. The first range of a shot begins up to half a
    second before its still, and the last one reaches to the end of the shot.

    Args:
        times: times of the stills, in order.
        shots: ranges that tile the asset, at least one.
    """
    ranges: list[StillRange] = []
    shot = 0
    for n, time in enumerate(times):
        while shot + 1 < len(shots) and shots[shot + 1].start <= time:
            shot += 1
        bounds = shots[shot]
        before = times[n - 1] if n and times[n - 1] >= bounds.start else None
        start = time + -(2 * _HALF_INTERVAL if before is None else min(_HALF_INTERVAL, (time - before) / 2))
        end = bounds.end
        if n + 1 < len(times) and (following := times[n + 1]) < bounds.end:
            end = following + -min(_HALF_INTERVAL, (following - time) / 2)
        start = min(time, max(bounds.start, start))
        range_ = TimeRange(start, max(start, end))
        ranges.append(StillRange(time, range_, shot, float(range_.duration) if bounds.duration else 1.0))
    return ranges


def _rank(face: EmbeddedFace) -> tuple[bool, float]:
    return face.quality.is_presentable, face.quality.score


def _rounded(box: BoundingBox) -> Place:
    left, top = round(box.left, _DECIMALS), round(box.top, _DECIMALS)
    return Place(left, top, round(min(box.width, 1 - left), _DECIMALS), round(min(box.height, 1 - top), _DECIMALS))
