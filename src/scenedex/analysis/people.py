"""Grouping of face tracks into people of one asset. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenedex.analysis.stages.face_groups import group
from scenedex.persons.records import PersonCandidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.face_tracks import FaceTrack
    from scenedex.analysis.stages.faces import FacesResult
    from scenedex.persons.records import RejectedTime

MOST_EMBEDDINGS = 5
"""Faces by which one asset may make a person known."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenPerson:
    """Tracks of one person in an asset.

    Attributes:
        tracks: positions among the tracks of the asset.
        crop: file of the best likeness. Empty if there is none.
        candidate: its faces, to be identified. It has a span for each of the tracks.
    """

    tracks: tuple[int, ...]
    crop: str
    candidate: PersonCandidate


def seen_persons(found: FacesResult, rejected: Sequence[RejectedTime] = ()) -> list[SeenPerson]:
    """Return the people of an asset, most prominent first.

    Tracks of one face count as two people if only some of them were rejected for a certain person, so that the others
    can still be that person.
    """
    groups = [
        part for members in group(found.tracks, found.same_person) for part in _divided(found.tracks, members, rejected)
    ]
    ranked = sorted(groups, key=lambda members: -sum(found.tracks[place].prominence for place in members))
    return [_person(found.tracks, members) for members in ranked]


def _divided(
    tracks: Sequence[FaceTrack], members: Sequence[int], rejected: Sequence[RejectedTime]
) -> list[tuple[int, ...]]:
    parts: dict[frozenset[int], list[int]] = {}
    for place in members:
        start_ms, end_ms = _span_ms(tracks[place])
        wrong = frozenset(time.person_id for time in rejected if time.meets(start_ms, end_ms))
        parts.setdefault(wrong, []).append(place)
    return [tuple(part) for part in parts.values()]


def _person(tracks: Sequence[FaceTrack], members: tuple[int, ...]) -> SeenPerson:
    best = sorted(
        (tracks[place] for place in members), key=lambda track: (track.is_presentable, track.quality), reverse=True
    )
    # Presentable faces define a person. The other faces are used only if no face is presentable.
    usable = [track for track in best if track.is_presentable] or best
    faces = [(vector, track) for track in usable for vector in track.embeddings][:MOST_EMBEDDINGS]
    vectors = [np.frombuffer(vector, np.float32) for vector, _ in faces]
    candidate = PersonCandidate(
        np.stack(vectors) if vectors else np.zeros((0, 0), np.float32),
        best[0].quality,
        best[0].is_presentable,
        spans=tuple(_span_ms(tracks[place]) for place in members),
        face_spans=tuple(_span_ms(track) for _, track in faces),
    )
    return SeenPerson(members, best[0].crop, candidate)


def _span_ms(track: FaceTrack) -> tuple[int, int]:
    span = track.span.range()
    return span.start.ms, span.end.ms
