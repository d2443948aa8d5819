"""From candidates of several kinds to hits. Pure.

Evidence of different kinds adds up: two signs that a scene answers, each right with some probability, leave the doubt
that both are wrong.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scenedex.search.records import Hit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from scenedex.search.candidate_queries import Candidate

_STEPS: Final = 100  # of a score: shown with two decimals
# What is lost where a number was stored with few digits.
_ROUNDING = 1e-6


def ranked(kinds: Iterable[Iterable[Candidate]], *, least: float, most: int) -> list[Hit]:
    """The hits with at least the score that is asked for: best first, of equals the newest index, scenes in order.

    Args:
        kinds: candidates with a score of 0 to 1; of one kind, each scene once.
        least: least score, 0 to 100.
        most: hits at most.
    """
    doubts: dict[tuple[int, int], float] = {}
    times: dict[int, datetime] = {}
    for candidates in kinds:
        for one in candidates:
            key = one.index_id, one.scene_id
            doubts[key] = doubts.get(key, 1.0) * (1 - min(max(one.value, 0.0), 1.0))
            times[one.index_id] = one.created_time
    scores = {key: shown_score(1 - doubt) for key, doubt in doubts.items()}
    hits = [Hit(index_id, scene_id, score) for (index_id, scene_id), score in scores.items() if score >= least]
    hits.sort(key=lambda hit: (-(hit.score or 0), -times[hit.index_id].timestamp(), -hit.index_id, hit.scene_id))
    return hits[:most]


def shown_score(score: float) -> float:
    """A score of 0 to 1 as it is shown, 0 to 100, rounded down to two decimals."""
    return math.floor(score * 100 * _STEPS + _ROUNDING) / _STEPS


def best_of(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each scene once, with its best value."""
    best: dict[tuple[int, int], Candidate] = {}
    for one in candidates:
        key = one.index_id, one.scene_id
        if key not in best or best[key].value < one.value:
            best[key] = one
    return list(best.values())
