"""Tracking of faces over stills."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.face_tracks import EmbeddedFace, FaceTrack, FaceTracker, StillRange, still_ranges
from scenedex.engines.faces.quality import FaceQuality
from scenedex.timeline import BoundingBox, Timecode, TimeRange

SAME_PERSON = 0.8
HERE, THERE = BoundingBox(0.1, 0.1, 0.2, 0.2), BoundingBox(0.6, 0.5, 0.2, 0.2)


def at(seconds: float) -> Timecode:
    return Timecode(Fraction(seconds).limit_denominator(1000))


def span(start: float, end: float) -> TimeRange:
    return TimeRange(at(start), at(end))


def unit(*numbers: float) -> np.ndarray:
    vector = np.array(numbers, np.float32)
    return vector / np.linalg.norm(vector)


ANN, BOB = unit(1, 0, 0), unit(0, 1, 0)


def face(who: np.ndarray, box: BoundingBox = HERE, *, size: float = 100, sure: float = 0.9) -> EmbeddedFace:
    return EmbeddedFace(box, who, FaceQuality(size, 0.9, 0.9, sure))


def rough(face: EmbeddedFace) -> np.ndarray:
    return face.embedding


def tracks_of(seen: list[tuple[float, list[EmbeddedFace]]], shots: list[TimeRange]) -> list[FaceTrack]:
    tracker = FaceTracker(SAME_PERSON)
    tracks: list[FaceTrack] = []
    ranges = still_ranges([at(seconds) for seconds, _ in seen], shots)
    for (_, faces), still in zip(seen, ranges, strict=True):
        tracks += [track.to_track("", rough) for track in tracker.pop_ended(still)]
        tracker.feed(faces, still)
    tracks += [track.to_track("", rough) for track in tracker.pop_ended()]
    return sorted(tracks, key=lambda track: (track.span.range().start, track.sightings[0].place.left))


def times(track: FaceTrack) -> tuple[float, float]:
    range_ = track.span.range()
    return float(range_.start.seconds), float(range_.end.seconds)


def test_a_face_that_stays_is_one_track_with_half_an_interval_on_either_side() -> None:
    stills = [(n / 2, [face(ANN)] if 2 <= n <= 5 else []) for n in range(12)]

    (track,) = tracks_of(stills, [span(0, 6)])

    assert times(track) == (0.75, 2.75)
    assert [sighting.time.timecode() for sighting in track.sightings] == [at(n / 2) for n in range(2, 6)]
    assert track.prominence == pytest.approx(0.04 * 2)
    assert track.confidence == 0.9


def test_no_track_crosses_the_end_of_a_shot() -> None:
    stills = [(n / 2, [face(ANN)]) for n in range(8)]

    first, second = tracks_of(stills, [span(0, 1.9), span(1.9, 4)])

    assert (first.shot, second.shot) == (0, 1)
    assert times(first) == (0, 1.9)
    assert times(second) == (1.9, 4)


def test_two_faces_in_one_still_are_two_tracks_however_alike() -> None:
    stills = [(n / 2, [face(ANN, HERE), face(ANN, THERE)]) for n in range(4)]

    tracks = tracks_of(stills, [span(0, 2)])

    assert [len(track.sightings) for track in tracks] == [4, 4]
    assert [{sighting.place.box() for sighting in track.sightings} for track in tracks] == [{HERE}, {THERE}]


def test_two_people_who_alternate_in_one_place_are_two_tracks() -> None:
    stills = [(n / 2, [face((ANN, BOB)[n // 2 % 2])]) for n in range(12)]

    tracks = tracks_of(stills, [span(0, 6)])

    assert [len(track.sightings) for track in tracks] == [6, 6]
    assert times(tracks[0]) == (0, 4.75)
    assert times(tracks[1]) == (0.75, 6)
    assert [track.prominence for track in tracks] == pytest.approx([0.04 * 2.75, 0.04 * 3.25])


def test_a_face_that_turns_in_place_continues_its_track_and_one_elsewhere_does_not() -> None:
    turned = unit(1, 0.8, 0)
    assert float(ANN @ turned) < SAME_PERSON

    (stayed,) = tracks_of([(0, [face(ANN)]), (0.5, [face(turned)])], [span(0, 1)])
    jumped = tracks_of([(0, [face(ANN)]), (0.5, [face(turned, THERE)])], [span(0, 1)])

    assert len(stayed.sightings) == 2
    assert len(jumped) == 2


def test_a_face_that_walks_through_the_picture_is_one_track() -> None:
    stills = [(n / 2, [face(ANN, BoundingBox(n / 10, 0.1, 0.1, 0.1))]) for n in range(9)]

    assert len(tracks_of(stills, [span(0, 5)])) == 1


def test_a_face_that_is_absent_for_long_starts_another_track() -> None:
    stills = [(n / 2, [face(ANN)] if n < 2 or n > 12 else []) for n in range(16)]

    assert [len(track.sightings) for track in tracks_of(stills, [span(0, 8)])] == [2, 3]


def test_a_track_spans_long_gaps_between_stills_of_an_unchanged_picture() -> None:
    (track,) = tracks_of([(0, [face(ANN)]), (0.5, [face(ANN)]), (60, [face(ANN)]), (100, [])], [span(0, 200)])

    assert times(track) == (0, 99.75)


def test_a_still_picture_counts_as_a_second() -> None:
    (track,) = tracks_of([(0, [face(ANN)])], [span(0, 0)])

    assert times(track) == (0, 0)
    assert track.prominence == pytest.approx(0.04)


def test_the_best_views_are_kept_if_they_differ() -> None:
    turned, bent = unit(1, 0.5, 0), unit(1, 0, 0.5)
    looks = [(ANN, 60), (ANN, 120), (turned, 110), (ANN, 80), (bent, 100), (unit(1, -0.5, 0), 30), (turned, 70)]

    (track,) = tracks_of([(n / 2, [face(who, size=size)]) for n, (who, size) in enumerate(looks)], [span(0, 4)])

    kept = [np.frombuffer(vector, "<f4") for vector in track.embeddings]
    assert np.stack(kept) == pytest.approx(np.stack([ANN, turned, bent]))
    assert track.quality == face(ANN, size=120).quality.score


def test_a_presentable_view_beats_a_better_one_that_is_not() -> None:
    doubtful, sure = face(ANN, size=127, sure=0.74), face(ANN, size=50, sure=0.8)
    assert doubtful.quality.score > sure.quality.score

    (track,) = tracks_of([(0, [sure]), (0.5, [doubtful])], [span(0, 1)])

    assert track.is_presentable
    assert track.quality == sure.quality.score


@given(
    st.lists(st.integers(1, 4000), min_size=1, max_size=12, unique=True),
    st.lists(st.integers(1, 4000), max_size=4, unique=True),
)
def test_ranges_of_stills_hold_their_times_stay_in_their_shots_and_do_not_overlap(
    moments: list[int], cuts: list[int]
) -> None:
    edges = [Timecode.from_ms(ms) for ms in (0, *sorted(cuts), 5000)]
    shots = [TimeRange(*pair) for pair in pairwise(edges)]
    still_times = [Timecode.from_ms(ms) for ms in sorted(moments)]

    ranges = still_ranges(still_times, shots)

    for still, time in zip(ranges, still_times, strict=True):
        assert still.time == time
        assert shots[still.shot].contains(time)
        assert still.range.start <= time <= still.range.end
        assert shots[still.shot].start <= still.range.start
        assert still.range.end <= shots[still.shot].end
    assert all(not a.range.overlaps(b.range) for a, b in pairwise(ranges))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([ANN, BOB])), max_size=30))
def test_every_face_is_in_one_track_and_no_track_has_two_of_a_still(shown: list[tuple[int, np.ndarray]]) -> None:
    stills: list[tuple[float, list[EmbeddedFace]]] = [(n / 2, []) for n in range(8)]
    for n, (column, who) in enumerate(shown):
        stills[n % 8][1].append(face(who, BoundingBox(column / 4, 0, 0.2, 0.2)))

    tracks = tracks_of(stills, [span(0, 2), span(2, 4)])

    assert sum(len(track.sightings) for track in tracks) == len(shown)
    for track in tracks:
        seen = [sighting.time.timecode() for sighting in track.sightings]
        assert seen == sorted(set(seen))
        assert 1 <= len(track.embeddings) <= 3


def test_a_still_range_is_plain_data() -> None:
    (still,) = still_ranges([at(1)], [span(0, 3)])

    assert still == StillRange(at(1), span(0.5, 3), 0, 2.5)
