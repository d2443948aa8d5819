"""Conversion of similarities to scores, by a sample of scenes and the baseline of the engine."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scenedex.calibration import DEFAULT_BASELINE, Baseline
from scenedex.engines.embeddings import MEANING, PICTURE_TEXTS, PICTURES
from scenedex.engines.embeddings.port import MINILM, SIGLIP2
from scenedex.engines.registry import EngineRegistry
from scenedex.search.calibration import SAMPLE_SIZE, SimilaritySample, closeness, scale_of

REGISTRY = EngineRegistry()
BASELINES = {
    f"{port.name} {spec.engine.name}": REGISTRY.baseline(str(spec.engine), port)
    for port in (MEANING, PICTURES, PICTURE_TEXTS)
    for spec in REGISTRY.specs(port)
} | {"unknown": DEFAULT_BASELINE}
BASELINE = st.sampled_from(list(BASELINES.values()))
SIMILARITY = st.floats(-1.001, 1.001)
SCORE = st.floats(0.001, 0.95)
COUNT = st.integers(1, SAMPLE_SIZE)


@st.composite
def samples(draw: st.DrawFn) -> SimilaritySample:
    """Draw a sample. 16 % of its similarities are below the lower one."""
    low, median = sorted(draw(st.tuples(st.floats(-1, 0.99), st.floats(-1, 0.99))))
    size = draw(COUNT)
    scenes = draw(st.integers(size, 10_000_000)) if size == SAMPLE_SIZE else size
    return SimilaritySample(size, scenes, median, low)


def similarity_of(closeness: float) -> float:
    return 1 - math.exp(-closeness)


def sample_of(mean: float, spread: float, *, size: int = SAMPLE_SIZE, scenes: int = SAMPLE_SIZE) -> SimilaritySample:
    """Return a sample whose closenesses have this median and spread."""
    return SimilaritySample(size, scenes, similarity_of(mean), similarity_of(mean - spread))


@given(samples(), BASELINE, SIMILARITY)
def test_a_score_is_between_0_and_1(sample: SimilaritySample, baseline: Baseline, similarity: float) -> None:
    assert 0 <= scale_of(sample, baseline).score(similarity) <= 1


@given(samples(), BASELINE, SIMILARITY, SIMILARITY)
def test_a_higher_similarity_has_a_higher_score(
    sample: SimilaritySample, baseline: Baseline, one: float, other: float
) -> None:
    scale = scale_of(sample, baseline)

    assert scale.score(one) <= scale.score(other) or one > other


@given(samples(), BASELINE, SCORE)
def test_the_minimum_similarity_of_a_score_has_that_score(
    sample: SimilaritySample, baseline: Baseline, score: float
) -> None:
    scale = scale_of(sample, baseline)
    similarity = scale.similarity(score)

    # Similarities closer to 1 are not distinguished.
    assume(similarity < 1 - 2e-4)
    assert math.isclose(scale.score(similarity), score, rel_tol=1e-6)


@given(samples(), BASELINE, SIMILARITY, SCORE)
def test_a_scene_reaches_the_score_if_it_reaches_the_similarity(
    sample: SimilaritySample, baseline: Baseline, similarity: float, score: float
) -> None:
    scale = scale_of(sample, baseline)

    if similarity >= scale.similarity(score):
        assert scale.score(similarity) >= score - 1e-9
    else:
        assert scale.score(similarity) <= score + 1e-9


@given(samples(), BASELINE)
def test_every_scene_has_a_score_of_at_least_0(sample: SimilaritySample, baseline: Baseline) -> None:
    assert scale_of(sample, baseline).similarity(0) <= -1.001


@given(samples(), BASELINE)
def test_the_midpoint_is_beyond_the_baseline(sample: SimilaritySample, baseline: Baseline) -> None:
    scale = scale_of(sample, baseline)

    assert scale.midpoint > baseline.mean
    assert scale.score(similarity_of(scale.midpoint)) <= 0.5 + 1e-9
    assert baseline.spread / 2 <= scale.spread <= baseline.spread


@given(samples(), BASELINE, st.integers(1, 10_000_000))
def test_more_scenes_raise_the_midpoint(sample: SimilaritySample, baseline: Baseline, more: int) -> None:
    few, many = scale_of(sample, baseline), scale_of(replace(sample, scenes=sample.scenes + more), baseline)

    assert few.midpoint <= many.midpoint
    assert few.spread == many.spread


@given(BASELINE, st.floats(0, 0.5))
def test_a_query_similar_to_everything_raises_the_midpoint(baseline: Baseline, more: float) -> None:
    plain = scale_of(sample_of(baseline.mean, baseline.spread), baseline)
    similar_to_everything = scale_of(sample_of(baseline.mean + more, baseline.spread), baseline)

    assert similar_to_everything.midpoint - plain.midpoint == pytest.approx(
        more * SAMPLE_SIZE / (SAMPLE_SIZE + 40), abs=1e-6
    )


@given(BASELINE, st.floats(0, 0.5))
def test_a_query_similar_to_nothing_is_measured_from_the_baseline(baseline: Baseline, less: float) -> None:
    plain = scale_of(sample_of(baseline.mean, baseline.spread), baseline)
    similar_to_nothing = scale_of(sample_of(baseline.mean - less, baseline.spread), baseline)

    assert similar_to_nothing.midpoint == pytest.approx(plain.midpoint)


@given(BASELINE)
def test_the_baseline_complements_a_small_sample(baseline: Baseline) -> None:
    one_scene = scale_of(SimilaritySample(1, 1, 0.99, 0.99), baseline)
    many_scenes = scale_of(SimilaritySample(SAMPLE_SIZE, SAMPLE_SIZE, 0.99, 0.99), baseline)

    assert one_scene.score(0.99) > many_scenes.score(0.99)


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES.keys())
def test_the_only_scene_is_found_if_it_is_equal_and_not_if_it_is_unrelated(baseline: Baseline) -> None:
    found = scale_of(SimilaritySample(1, 1, 1, 1), baseline)
    rejected = scale_of(sample_of(baseline.mean, 0, size=1, scenes=1), baseline)

    assert found.score(1) > 0.75
    assert rejected.score(similarity_of(baseline.mean)) < 0.3


@given(st.floats(-1.001, 0.999), st.floats(1e-3, 1))
def test_closeness_rises(similarity: float, more: float) -> None:
    assert closeness(similarity + more) > closeness(similarity) or similarity + more > 1 - 1e-4


def test_closeness_is_the_same_for_nearly_equal_vectors() -> None:
    assert closeness(1.001) == closeness(1) == closeness(1 - 1e-4) == pytest.approx(9.21, abs=0.01)
    assert closeness(0) == 0
    assert closeness(0.5) == pytest.approx(0.69, abs=0.01)


def test_each_engine_declares_its_baseline_for_each_of_its_ports() -> None:
    declared = [baseline for name, baseline in BASELINES.items() if name != "unknown"]

    assert DEFAULT_BASELINE not in declared
    assert REGISTRY.baseline(str(SIGLIP2), PICTURES) != REGISTRY.baseline(str(SIGLIP2), PICTURE_TEXTS)
    assert REGISTRY.baseline(f"{MINILM.name} 99 {MINILM.weights}", MEANING) == REGISTRY.baseline(str(MINILM), MEANING)
    assert REGISTRY.baseline("unknown 1 weights", MEANING, PICTURES) == DEFAULT_BASELINE
