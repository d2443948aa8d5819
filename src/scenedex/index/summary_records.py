"""Records of the summaries of an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scenedex.index.records import IndexedScene, IndexedSummary, LocaleName


@dataclass(frozen=True, slots=True)
class NewSummaries:
    """Summaries before they are published.

    Attributes:
        locale: language and script of all of them.
        by_scene: summary of each scene, by its id.
        is_full: whether these are all scenes of the index. Otherwise the summaries of other scenes stay.
    """

    index_id: int
    locale: LocaleName
    by_scene: Mapping[int, IndexedSummary]
    is_full: bool


@dataclass(frozen=True, slots=True)
class LastSummary:
    """The last completed run of an index. ``scene_ids`` is `None` if it was of all scenes."""

    index_id: int
    summarised_time: datetime
    scene_ids: Sequence[int] | None


@dataclass(frozen=True, slots=True)
class SummarisedScene:
    """A scene with its summary."""

    scene_id: int
    start_ms: int
    end_ms: int
    summary: IndexedSummary


@dataclass(frozen=True, slots=True)
class PublishedSummaries:
    """Summaries of an index, by scene in order of time."""

    last: LastSummary
    scenes: Sequence[SummarisedScene]


@dataclass(frozen=True, slots=True)
class SummarySource:
    """An index, as far as its scenes are described in words.

    Attributes:
        analysed: names of the parts of the index that an engine made.
        scenes: all scenes, with findings and former summaries.
    """

    analysed: frozenset[str]
    scenes: tuple[IndexedScene, ...]
