"""Ranking of candidates of several kinds as hits. Pure.

Evidence of different kinds adds up. The probability that a scene is no hit is the product of the probabilities that
each kind of evidence is wrong.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scenedex.search.records import Hit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from scenedex.search.candidate_queries import SceneCandidate

_STEPS: Final = 100  # two decimals
# Error of numbers that were stored with few digits.
_ROUNDING = 1e-6


def ranked(kinds: Iterable[Iterable[SceneCandidate]], *, min_score: float, max_hits: int) -> list[Hit]:
    """Return hits with a score of 0 to 100, best first. Equal ones are sorted by the newest index, then by scene.

    Each kind of candidates, which have a score of 0 to 1, has each scene once.
    """
    doubts: dict[tuple[int, int], float] = {}
    times: dict[int, datetime] = {}
    for candidates in kinds:
        for one in candidates:
            key = one.index_id, one.scene_id
            doubts[key] = doubts.get(key, 1.0) * (1 - min(max(one.value, 0.0), 1.0))
            times[one.index_id] = one.created_time
    scores = {key: shown_score(1 - doubt) for key, doubt in doubts.items()}
    hits = [Hit(index_id, scene_id, score) for (index_id, scene_id), score in scores.items() if score >= min_score]
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
