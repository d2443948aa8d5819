"""Ranking of candidates of several kinds as hits. Pure.

Evidence of different kinds adds up. The probability that a scene is no hit is the product of the probabilities that
each kind of evidence is wrong.
"""

from __future__ import annotations

import math
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from scenedex.search.records import Evidence, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scenedex.search.candidate_queries import SceneCandidate
    from scenedex.search.records import EvidenceKind

_STEPS: Final = 100  # two decimals
# Error of numbers that were stored with few digits.
_ROUNDING = 1e-6


def ranked(kinds: Mapping[EvidenceKind, Iterable[SceneCandidate]], *, min_score: float, max_hits: int) -> list[Hit]:
    """Return hits with a score of 0 to 100 and their evidence, best first.

    Equal ones are sorted by the newest index, then by scene. Each kind of candidates, which have a score of 0 to 1, has
    each scene once.
    """
    found: defaultdict[tuple[int, int], list[tuple[EvidenceKind, SceneCandidate]]] = defaultdict(list)
    for kind, candidates in kinds.items():
        for one in candidates:
            found[one.index_id, one.scene_id].append((kind, one))
    hits: list[tuple[tuple[float, ...], Hit]] = []
    for (index_id, scene_id), ways in found.items():
        doubt = 1.0
        for _, one in ways:
            doubt *= 1 - _share(one)
        # Most candidates are no hits.
        if (score := shown_score(1 - doubt)) >= min_score:
            evidence = tuple(Evidence(kind, _share(one), one.start_ms, one.end_ms, one.engine) for kind, one in ways)
            order = -score, -ways[0][1].created_time.timestamp(), -index_id, scene_id
            hits.append((order, Hit(index_id, scene_id, score, evidence)))
    hits.sort(key=itemgetter(0))
    return [hit for _, hit in hits[:max_hits]]


def _share(candidate: SceneCandidate) -> float:
    return min(max(candidate.value, 0.0), 1.0)


def shown_score(score: float) -> float:
    """Convert a score of 0 to 1 to the one that users see: 0 to 100, rounded down to two decimals."""
    return math.floor(score * 100 * _STEPS + _ROUNDING) / _STEPS


def best_of(candidates: Iterable[SceneCandidate]) -> list[SceneCandidate]:
    """Return each scene once, with its best value."""
    best: dict[tuple[int, int], SceneCandidate] = {}
    for one in candidates:
        key = one.index_id, one.scene_id
        if key not in best or best[key].value < one.value:
            best[key] = one
    return list(best.values())
