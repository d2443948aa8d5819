"""Choice of the stills that are searched everywhere for faces."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.face_stills import SEARCH_INTERVAL, select_everywhere
from scenedex.analysis.stages.face_tracks import still_ranges
from scenedex.timeline import Timecode, TimeRange


def at(tenths: int) -> Timecode:
    return Timecode(Fraction(tenths, 10))


def selected(tenths: list[int], *edges: int, keyframes: frozenset[int] = frozenset()) -> list[int]:
    """Return the times of stills that are searched everywhere, all in tenths of a second."""
    ranges = still_ranges([at(time) for time in tenths], [TimeRange(at(a), at(b)) for a, b in pairwise(edges)])
    chosen = select_everywhere([time in keyframes for time in tenths], ranges)
    return [time for time, is_chosen in zip(tenths, chosen, strict=True) if is_chosen]


def test_every_second_still_of_a_shot_is_searched_everywhere() -> None:
    assert selected([0, 5, 10, 15, 20, 25, 30], 0, 35) == [5, 15, 25]


def test_keyframes_are_searched_everywhere_and_stand_for_the_stills_beside_them() -> None:
    assert selected([0, 5, 10, 12, 15, 20], 0, 25, keyframes=frozenset({12})) == [5, 12, 20]


def test_stills_far_apart_are_all_searched_everywhere() -> None:
    assert selected([0, 20, 40], 0, 60) == [0, 20, 40]
    assert selected([0], 0, 0) == [0]


@given(st.sets(st.integers(0, 199), min_size=1), st.sets(st.integers(1, 199)))
def test_each_shot_is_searched_without_gaps_between_near_stills(times: set[int], cuts: set[int]) -> None:
    stills, edges = sorted(times), [0, *sorted(cuts), 200]

    chosen = selected(stills, *edges)

    for start, end in pairwise(edges):
        inside = [time for time in stills if start <= time < end]
        kept = [time for time in chosen if start <= time < end]
        assert bool(kept) == bool(inside)
        for before, after in pairwise(kept):
            near = [time for time in inside if before < time < after]
            assert not near or after - before <= 10 * SEARCH_INTERVAL
