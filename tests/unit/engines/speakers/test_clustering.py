"""Groups of voices by average linkage."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenedex.engines.speakers.clustering import group, nearest, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def directions(seed: int, count: int, dimension: int = 5) -> NDArray[np.float32]:
    return unit(np.random.default_rng(seed).normal(size=(count, dimension)))


def people(seed: int, *, speakers: int, lines: int) -> tuple[NDArray[np.float32], list[int]]:
    """Return the vectors of lines of distant voices, and the speaker of each line."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, speakers, lines)
    return unit(np.eye(64)[who] + rng.normal(0, 0.05, (lines, 64))), who.tolist()


def by_definition(voices: NDArray[np.float32], threshold: float) -> set[frozenset[int]]:
    groups: list[frozenset[int]] = [frozenset({n}) for n in range(len(voices))]
    cosines = voices.astype(np.float64) @ voices.T.astype(np.float64)
    while len(groups) > 1:
        pairs = [(float(np.mean([cosines[i, j] for i in a for j in b])), a, b) for a, b in combinations(groups, 2)]
        best, a, b = max(pairs, key=lambda pair: pair[0])
        if best < threshold:
            break
        groups = [g for g in groups if g not in (a, b)] + [a | b]
    return set(groups)


def partition(labels: Iterable[int]) -> set[frozenset[int]]:
    labelled = list(labels)
    return {frozenset(n for n, label in enumerate(labelled) if label == wanted) for wanted in set(labelled)}


@given(st.integers(0, 10_000), st.integers(1, 14), st.floats(-0.9, 0.95))
def test_groups_are_those_of_the_definition(seed: int, count: int, threshold: float) -> None:
    voices = directions(seed, count)

    assert partition(group(voices, threshold)) == by_definition(voices, threshold)


@given(st.integers(0, 10_000), st.integers(1, 30), st.permutations(range(30)))
def test_groups_do_not_depend_on_the_order(seed: int, count: int, order: list[int]) -> None:
    voices = directions(seed, count)
    order = [n for n in order if n < count]

    shuffled = group(voices[order], 0.4)

    assert partition(group(voices, 0.4)) == {frozenset(order[n] for n in g) for g in partition(shuffled)}


@given(st.integers(0, 10_000), st.integers(0, 40))
def test_speakers_are_numbered_as_they_appear(seed: int, count: int) -> None:
    found = group(directions(seed, count), 0.4)

    assert list(dict.fromkeys(found)) == list(range(1, len(set(found)) + 1))


def test_the_same_voice_again_and_again_is_one_speaker() -> None:
    assert group(np.repeat(directions(1, 1), 50, axis=0), 0.9) == (1,) * 50


def test_a_thousand_lines_of_seven_voices_are_seven_speakers() -> None:
    voices, who = people(3, speakers=7, lines=1000)

    assert group(voices, 0.5) == numbered(who)


def test_voices_without_a_direction_are_nobody_elses() -> None:
    voices = np.zeros((3, 4), np.float32)
    voices[1, 0] = 1

    assert group(voices, 0.5) == (1, 2, 3)


def test_nobody_speaks_where_there_are_no_voices() -> None:
    assert group(np.zeros((0, 8), np.float32), 0.5) == ()


def test_the_nearest_group_is_the_one_of_the_same_direction() -> None:
    groups = np.eye(4, dtype=np.float32)

    assert nearest(np.array([0.1, 0.2, 0.9, 0], np.float32), groups) == 2
