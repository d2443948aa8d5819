"""Grouping of face tracks by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.face_groups import group
from scenedex.analysis.stages.face_tracks import FaceTrack, Sighting
from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_PERSON = 0.8


def track(*vectors: Sequence[float], at: int = 0, quality: float = 0.9, is_presentable: bool = True) -> FaceTrack:
    moment = Timecode.from_ms(at)
    units = [np.array(vector, np.float32) / np.linalg.norm(vector) for vector in vectors]
    return FaceTrack(
        span=Span.of(TimeRange(moment, moment)),
        shot=0,
        confidence=0.9,
        sightings=(Sighting(Moment.of(moment), Place(0, 0, 0.1, 0.1)),),
        embeddings=tuple(unit.astype("<f4").tobytes() for unit in units),
        quality=quality,
        is_presentable=is_presentable,
        prominence=1,
    )


def test_no_tracks_have_no_groups() -> None:
    assert group((), SAME_PERSON) == ()


def test_tracks_that_are_alike_are_one_person_and_others_are_not() -> None:
    tracks = [track((1, 0, 0), at=1), track((0, 1, 0), at=2), track((1, 0.2, 0), at=3), track((0, 1, 0.3), at=4)]

    assert group(tracks, SAME_PERSON) == ((0, 2), (1, 3))


def test_two_faces_of_one_still_are_two_people_however_alike() -> None:
    tracks = [track((1, 0, 0), at=1), track((1, 0, 0), at=1), track((1, 0.1, 0), at=2)]

    assert len(group(tracks, SAME_PERSON)) == 2


def test_a_track_that_shares_a_still_with_a_member_stays_out_of_the_group() -> None:
    tracks = [track((1, 0), at=1), track((1, 0.01), at=2), track((1, 0.2), at=2), track((1, 0.001), at=3)]

    assert group(tracks, SAME_PERSON) == ((0, 1, 3), (2,))


def test_a_chain_of_small_differences_does_not_join_its_ends() -> None:
    steps = np.linspace(0, np.pi / 2, 7)
    tracks = [track((float(np.cos(angle)), float(np.sin(angle))), at=n) for n, angle in enumerate(steps)]

    groups = group(tracks, 0.95)

    assert len(groups) > 2
    assert all(max(held) - min(held) <= 2 for held in groups)


def test_poor_tracks_join_good_ones() -> None:
    tracks = [track((1, 0.0), at=1), track((1, 0.75), at=2, quality=0.1), track((1, 0.1), at=3)]

    assert group(tracks, 0.79) == ((0, 1, 2),)


def test_covered_faces_join_the_faces_that_they_are_like_and_never_one_another() -> None:
    covered = [track((0.05 * n, 1), at=n, is_presentable=False) for n in range(3)]
    plain = [track((1, 0.1), at=4), track((1, 0.6), at=5, is_presentable=False), track((1, 0), at=5)]

    assert group(covered, SAME_PERSON) == ((0,), (1,), (2,))
    assert group([*covered, *plain], SAME_PERSON) == ((0,), (1,), (2,), (3, 5), (4,))
    assert group([*covered, *plain[:2]], SAME_PERSON) == ((0,), (1,), (2,), (3, 4))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=25))
def test_every_track_is_in_one_group_in_order(shown: list[tuple[int, int]]) -> None:
    tracks = [track(np.eye(6)[who] + 0.1, at=at) for who, at in shown]

    groups = group(tracks, SAME_PERSON)

    assert sorted(n for held in groups for n in held) == list(range(len(tracks)))
    assert list(groups) == sorted(groups)
    for held in groups:
        assert list(held) == sorted(held)
        assert len({shown[n][0] for n in held}) == 1
        assert len({shown[n][1] for n in held}) == len(held)


def test_a_thousand_tracks_of_forty_people_are_grouped_by_person() -> None:
    chance = np.random.default_rng(5)
    people = chance.normal(size=(40, 128))
    tracks = [track(people[n % 40] + chance.normal(0, 0.3, 128), at=n) for n in range(1000)]

    groups = group(tracks, SAME_PERSON)

    assert groups == tuple(tuple(range(n, 1000, 40)) for n in range(40))
