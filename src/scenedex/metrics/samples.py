"""Samples of a registry: reading them for a report, and showing them with those of other processes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from prometheus_client import Metric, generate_latest
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import CollectorRegistry

Labels: TypeAlias = tuple[tuple[str, str], ...]
Samples: TypeAlias = "dict[tuple[str, Labels], float]"
"""Values of samples by name and labels, which are sorted by name."""


_SUFFIX = re.compile(r"_(bucket|count|sum|total)$")


class StoredSample(msgspec.Struct, frozen=True):
    """A sample in a report."""

    name: str
    labels: dict[str, str]
    value: float


def samples_of(registry: CollectorRegistry) -> Samples:
    """Return the samples of a registry, without the times at which its series started: these have no sum."""
    return {_key(sample): sample.value for family in registry.collect() for sample in _lasting(family)}


def difference(samples: Samples, base: Samples) -> Samples:
    """Return the increase of each sample over the base."""
    return {key: value - base.get(key, 0) for key, value in samples.items()}


def encoded(samples: Samples) -> str:
    """Encode the samples as JSON."""
    stored = [StoredSample(name, dict(labels), value) for (name, labels), value in samples.items()]
    return msgspec.json.encode(stored).decode()


def text_of(registry: CollectorRegistry, shared: Samples) -> bytes:
    """Return a registry in Prometheus' text format, with the samples of other processes added.

    Args:
        registry: registry to show. Its families are shown and no others.
        shared: sums of the samples of other processes.
    """
    return generate_latest(_Families(_joined(registry.collect(), shared)))


class _Families(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _joined(families: Iterable[Metric], shared: Samples) -> Iterator[Metric]:
    by_name: dict[str, Samples] = {}
    for key, value in shared.items():
        family_name = _SUFFIX.sub("", key[0])
        by_name.setdefault(family_name, {})[key] = value
    for family in families:
        joined = dict(by_name.get(family.name, {}))
        for sample in _lasting(family):
            joined[_key(sample)] = joined.get(_key(sample), 0) + sample.value
        shown = Metric(family.name, family.documentation, family.type)
        # By series, and the buckets of a series by their bound.
        ordered = sorted(joined.items(), key=lambda item: _place(*item[0]))
        shown.samples = [Sample(name, dict(labels), value) for (name, labels), value in ordered]
        yield shown


def _place(name: str, labels: Labels) -> tuple[Labels, str, float]:
    bound = dict(labels).get("le")
    others = tuple(label for label in labels if label[0] != "le")
    return others, name, float(bound) if bound is not None else 0


def _lasting(family: Metric) -> Iterator[Sample]:
    return (sample for sample in family.samples if not sample.name.endswith("_created"))


def _key(sample: Sample) -> tuple[str, Labels]:
    return sample.name, tuple(sorted(sample.labels.items()))


def summed(rows: Iterable[tuple[str, Mapping[str, str], float]]) -> Samples:
    """Return rows of name, labels and value as samples."""
    return {(name, tuple(sorted(labels.items()))): value for name, labels, value in rows}
