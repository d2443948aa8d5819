"""Output of a registry together with the samples of other processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from scenedex.metrics import Metrics, Outcome
from scenedex.metrics.samples import Samples, StoredSample, difference, encoded, samples_of, summed, text_of

if TYPE_CHECKING:
    from prometheus_client import Metric


def worker(*seconds: float) -> Samples:
    """Return the samples of a worker that ran a stage once for each of these durations."""
    metrics = Metrics("worker")
    for one in seconds:
        metrics.note_stage("visual", Outcome.COMPLETED, one)
        metrics.note_transaction(one)
    return samples_of(metrics.registry)


def shown(metrics: Metrics, shared: Samples) -> dict[str, Metric]:
    text = text_of(metrics.registry, shared).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(family: Metric, suffix: str, **labels: str) -> list[float]:
    return [
        sample.value
        for sample in family.samples
        if sample.name == family.name + suffix and labels.items() <= sample.labels.items()
    ]


def test_what_others_measured_is_shown_with_what_it_means() -> None:
    family = shown(Metrics("api"), worker(0.1, 10))["scenedex_stage_seconds"]

    assert family.type == "histogram"
    assert family.documentation.startswith("Time of one run of an analysis stage")
    assert values(family, "_count", stage="visual", outcome="completed") == [2]
    assert values(family, "_sum") == [pytest.approx(10.1)]


def test_buckets_rise_to_the_count() -> None:
    family = shown(Metrics("api"), worker(0.1, 10, 100_000))["scenedex_stage_seconds"]

    buckets = values(family, "_bucket")
    assert buckets == sorted(buckets)
    assert (buckets[-1], values(family, "_bucket", le="+Inf")) == (3, [3])


def test_times_of_the_database_are_told_apart_by_kind_of_process() -> None:
    metrics = Metrics("api")
    metrics.note_transaction(0.002)

    family = shown(metrics, worker(0.1, 10))["scenedex_database_seconds"]

    assert values(family, "_count", process="api") == [1]
    assert values(family, "_count", process="worker") == [2]


def test_a_series_that_both_have_is_shown_once_with_the_sum() -> None:
    own, other = Metrics("api"), Metrics("worker")
    own.note_decoding(1, 10)
    other.note_decoding(2, 10)

    family = shown(own, samples_of(other.registry))["scenedex_decode_ratio"]

    assert values(family, "_count") == [2]
    assert values(family, "_sum") == [pytest.approx(0.3)]


def test_no_series_stands_twice() -> None:
    text = text_of(Metrics("api").registry, worker(1)).decode()

    series = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(series) == len(set(series))


def test_what_this_release_does_not_know_is_left_out() -> None:
    shared: Samples = {("scenedex_of_tomorrow_total", ()): 1.0}

    assert "tomorrow" not in text_of(Metrics("api").registry, shared).decode()


def test_stored_samples_are_the_same_again() -> None:
    samples = worker(0.1, 10)

    stored = msgspec.json.decode(encoded(samples), type=list[StoredSample])

    assert summed((one.name, one.labels, one.value) for one in stored) == samples


def test_a_difference_and_its_base_make_the_whole() -> None:
    former, latter = worker(1), worker(1, 2)

    rest = difference(latter, former)

    assert {key: former.get(key, 0) + value for key, value in rest.items()} == pytest.approx(latter)


def test_media_without_length_has_no_ratio() -> None:
    metrics = Metrics("worker")
    metrics.note_decoding(1, 0)

    assert samples_of(metrics.registry)["scenedex_decode_ratio_count", ()] == 0
