"""Ranking of candidates of several kinds as hits. Pure.

Evidence of different kinds adds up. The probability that a scene is no hit is the product of the probabilities that
each kind of evidence is wrong.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from scenedex.search.records import Evidence, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

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
    found: defaultdict[tuple[int, int], list[Evidence]] = defaultdict(list)
    times: dict[int, datetime] = {}
    for kind, candidates in kinds.items():
        for one in candidates:
            score = min(max(one.value, 0.0), 1.0)
            found[one.index_id, one.scene_id].append(Evidence(kind, score, one.start_ms, one.end_ms, one.engine))
            times[one.index_id] = one.created_time
    hits = [
        Hit(*key, score, tuple(evidence))
        for key, evidence in found.items()
        if (score := shown_score(1 - math.prod(1 - one.score for one in evidence))) >= min_score
    ]
    hits.sort(key=lambda hit: (-(hit.score or 0), -times[hit.index_id].timestamp(), -hit.index_id, hit.scene_id))
    return hits[:max_hits]


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
