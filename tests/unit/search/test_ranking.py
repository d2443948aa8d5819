"""Ranking of candidates: equal to brute force, in a deterministic order."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.search.candidate_queries import SceneCandidate
from scenedex.search.ranking import best_of, ranked, shown_score
from scenedex.search.records import Evidence, EvidenceKind, Hit

if TYPE_CHECKING:
    from random import Random

EARLY = datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC)
VALUES = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.floats(-0.1, 1.1))


def candidate(index_id: int, scene_id: int, value: float) -> SceneCandidate:
    """Return a candidate. Indexes 0 and 1, 2 and 3 and so on have the same time of creation."""
    return SceneCandidate(index_id, scene_id, value, EARLY + timedelta(microseconds=index_id // 2))


KIND_NAMES = list(EvidenceKind)


def by_kind(kinds: list[list[SceneCandidate]]) -> dict[EvidenceKind, list[SceneCandidate]]:
    return dict(zip(KIND_NAMES, kinds, strict=False))


KIND = st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 3)), VALUES).map(
    lambda found: [candidate(index_id, scene_id, value) for (index_id, scene_id), value in found.items()]
)
KINDS = st.lists(KIND, max_size=3)
MIN_SCORE = st.floats(0, 100)


def by_brute_force(kinds: list[list[SceneCandidate]], min_score: float) -> list[Hit]:
    hits: list[Hit] = []
    for index_id in range(1, 6):
        for scene_id in range(1, 4):
            evidence = tuple(
                Evidence(name, min(max(one.value, 0), 1))
                for name, kind in by_kind(kinds).items()
                for one in kind
                if (one.index_id, one.scene_id) == (index_id, scene_id)
            )
            score = shown_score(1 - math.prod(1 - one.score for one in evidence))
            if evidence and score >= min_score:
                hits.append(Hit(index_id, scene_id, score, evidence))
    # Sorted by the min_score important key first.
    hits.sort(key=lambda hit: hit.scene_id)
    hits.sort(key=lambda hit: hit.index_id, reverse=True)
    hits.sort(key=lambda hit: hit.index_id // 2, reverse=True)
    hits.sort(key=lambda hit: hit.score or 0, reverse=True)
    return hits


@given(KINDS, MIN_SCORE, st.integers(0, 20))
def test_hits_equal_those_of_brute_force(kinds: list[list[SceneCandidate]], min_score: float, max_hits: int) -> None:
    found = ranked(by_kind(kinds), min_score=min_score, max_hits=max_hits)

    assert found == by_brute_force(kinds, min_score)[:max_hits]


@given(KINDS, MIN_SCORE, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_candidates(
    kinds: list[list[SceneCandidate]], min_score: float, random: Random
) -> None:
    shuffled = [list(kind) for kind in kinds]
    for kind in shuffled:
        random.shuffle(kind)

    found = ranked(by_kind(shuffled), min_score=min_score, max_hits=100)
    assert found == ranked(by_kind(kinds), min_score=min_score, max_hits=100)


@given(KINDS, MIN_SCORE, MIN_SCORE)
def test_a_higher_minimum_score_finds_the_first_of_the_same_hits(
    kinds: list[list[SceneCandidate]], one: float, other: float
) -> None:
    many = ranked(by_kind(kinds), min_score=min(one, other), max_hits=100)
    few = ranked(by_kind(kinds), min_score=max(one, other), max_hits=100)

    assert many[: len(few)] == few


@given(KINDS, MIN_SCORE)
def test_every_score_has_two_decimals_and_reaches_the_minimum(
    kinds: list[list[SceneCandidate]], min_score: float
) -> None:
    for hit in ranked(by_kind(kinds), min_score=min_score, max_hits=100):
        assert hit.score is not None
        assert min_score <= hit.score <= 100
        assert hit.score == round(hit.score, 2)


@given(KINDS, KIND)
def test_more_evidence_lowers_no_score(kinds: list[list[SceneCandidate]], more: list[SceneCandidate]) -> None:
    before = {(it.index_id, it.scene_id): it.score or 0 for it in ranked(by_kind(kinds), min_score=0, max_hits=100)}
    all_kinds = by_kind([*kinds, more])
    after = {(it.index_id, it.scene_id): it.score or 0 for it in ranked(all_kinds, min_score=0, max_hits=100)}

    assert all(score <= after[key] for key, score in before.items())


def test_doubts_of_two_kinds_are_multiplied() -> None:
    kinds = [[candidate(1, 1, 0.5), candidate(1, 2, 0.5)], [candidate(1, 2, 0.5), candidate(1, 3, 0.75)]]

    found = ranked(by_kind(kinds), min_score=0, max_hits=10)

    assert [(hit.scene_id, hit.score) for hit in found] == [(2, 75), (3, 75), (1, 50)]


def test_a_hit_keeps_its_evidence() -> None:
    seen = candidate(1, 2, 0.5)._replace(start_ms=4000, end_ms=6500, engine="mpeg7 1")

    [hit] = ranked({EvidenceKind.WORDS: [candidate(1, 2, 1.1)], EvidenceKind.PICTURE: [seen]}, min_score=0, max_hits=10)

    assert hit.evidence == (
        Evidence(EvidenceKind.WORDS, 1.0),
        Evidence(EvidenceKind.PICTURE, 0.5, 4000, 6500, "mpeg7 1"),
    )


def test_equal_hits_are_sorted_by_the_newest_index_then_by_scene() -> None:
    kind = [candidate(*key, 0.5) for key in ((2, 1), (3, 2), (5, 1), (3, 1), (4, 1))]

    assert [(hit.index_id, hit.scene_id) for hit in ranked(by_kind([kind]), min_score=0, max_hits=10)] == [
        (5, 1),
        (4, 1),
        (3, 1),
        (3, 2),
        (2, 1),
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, 0),
        (1.0, 100),
        (0.5, 50),
        (0.49999, 49.99),
        (0.99999, 99.99),
        (0.29, 29),
        (1 - 0.71, 29),
        (0.57, 57),
        (0.333333, 33.33),
        (1e-12, 0),
    ],
)
def test_a_score_is_rounded_down_except_for_errors_of_representation(value: float, shown: float) -> None:
    assert shown_score(value) == shown


@given(st.integers(0, 10_000))
def test_a_score_of_two_decimals_is_not_changed(hundredths: int) -> None:
    assert shown_score(hundredths / 10_000) == hundredths / 100
    assert shown_score(1 - (1 - hundredths / 10_000)) == hundredths / 100


@given(st.lists(KIND, max_size=3).map(lambda kinds: [one for kind in kinds for one in kind]))
def test_the_best_candidate_of_each_scene_is_kept(candidates: list[SceneCandidate]) -> None:
    best = best_of(candidates)

    keys = [(one.index_id, one.scene_id) for one in best]
    assert len(set(keys)) == len(keys)
    assert set(best) <= set(candidates)
    for one in candidates:
        [kept] = [other for other in best if (other.index_id, other.scene_id) == (one.index_id, one.scene_id)]
        assert kept.value >= one.value
