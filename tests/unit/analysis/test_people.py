"""Grouping of face tracks into people, some of them known persons."""

from __future__ import annotations

import numpy as np

from scenedex.analysis.people import seen_persons
from scenedex.analysis.stages.face_tracks import FaceTrack, Sighting
from scenedex.analysis.stages.faces import FacesResult
from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.persons.records import PersonId, RejectedTime
from scenedex.timeline import Timecode


def track(start_ms: int, end_ms: int) -> FaceTrack:
    vector = np.zeros(8, np.float32)
    vector[0] = 1
    moments = [Moment.of(Timecode.from_ms(ms)) for ms in (start_ms, end_ms)]
    seen = (Sighting(moments[0], Place(0, 0, 0.1, 0.1)),)
    return FaceTrack(Span(*moments), 0, 0.9, seen, (vector.tobytes(),), 0.8, True, 1.0)


def people(*rejected: RejectedTime) -> set[tuple[tuple[int, int], ...]]:
    tracks = track(0, 1000), track(1000, 2000), track(2000, 3000)
    return {one.candidate.spans for one in seen_persons(FacesResult(tracks, 6, 0.9), rejected)}


ANNA = PersonId(1)


def test_tracks_of_one_face_are_one_person() -> None:
    assert people() == {((0, 1000), (1000, 2000), (2000, 3000))}


def test_a_track_that_is_not_somebody_leaves_the_others_to_be() -> None:
    assert people(RejectedTime(ANNA, 1000, 2000)) == {((0, 1000), (2000, 3000)), ((1000, 2000),)}


def test_tracks_none_of_which_is_somebody_stay_together() -> None:
    assert people(RejectedTime(ANNA, 0, 3000)) == {((0, 1000), (1000, 2000), (2000, 3000))}
