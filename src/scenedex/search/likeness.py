"""Search for the scenes that are most similar to a query: each of a few is compared, among many by sign codes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.search import code_queries, likeness_queries

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.search.candidate_queries import SceneCandidate
    from scenedex.search.code_cache import CodeCache
    from scenedex.search.conditions import Conditions
    from scenedex.search.likeness_queries import Likeness

MAX_COMPARED: Final = 2000
"""Vectors with the nearest codes that are compared with the query. See `benchmarks/search` for what they contain."""

_MIN_COMPARED: Final = 1000
# Keys in one statement, unless fewer than the minimum of them meet the conditions.
_MAX_KEYS: Final = 40_000

# If fewer vectors than expected meet the conditions, so many times as many codes are read.
_WIDENING: Final = 4


@dataclass(frozen=True, slots=True)
class SimilarityLimits:
    """Limits of a search by similarity: minimum of a scene, and maximum number of scenes."""

    min_similarity: float
    max_scenes: int


@dataclass(frozen=True, slots=True)
class NearestScenes:
    """Finds the scenes that are most similar to a query.

    Attributes:
        codes: sign codes of vectors.
        max_exact: number of vectors up to which each is compared with a query.
    """

    codes: CodeCache
    max_exact: int

    async def find(
        self, tx: Transaction, like: Likeness, conditions: Conditions, limits: SimilarityLimits
    ) -> list[SceneCandidate]:
        """Return the most similar scenes that meet the conditions, the best first."""
        found = await code_queries.find_set(tx, like)
        if found is None or found.codes.vectors <= self.max_exact:
            return await _exactly(tx, like, conditions, limits)
        share = 1.0
        if conditions.parts:
            met, sampled = await likeness_queries.share_of_sample(tx, like, conditions)
            if met * found.codes.vectors <= self.max_exact * sampled:
                return await _exactly(tx, like, conditions, limits)
            # The share may be smaller by chance.
            share = (met - min(2 * math.sqrt(met), met / 2)) / sampled
        max_compared = max(MAX_COMPARED, 2 * limits.max_scenes)
        count = math.ceil(min(max_compared / share, max(_MAX_KEYS, _MIN_COMPARED / share)))
        while count < found.codes.vectors:
            near = await self.codes.nearest(tx, found, count)
            candidates, compared = await likeness_queries.nearest_of(
                tx,
                like,
                near,
                conditions,
                max_compared=max_compared,
                min_similarity=limits.min_similarity,
                max_scenes=limits.max_scenes,
            )
            if compared >= _MIN_COMPARED / 2:
                return candidates
            count *= _WIDENING
        return await _exactly(tx, like, conditions, limits)


async def _exactly(
    tx: Transaction, like: Likeness, conditions: Conditions, limits: SimilarityLimits
) -> list[SceneCandidate]:
    return await likeness_queries.exactly_nearest(
        tx, like, conditions, min_similarity=limits.min_similarity, max_scenes=limits.max_scenes
    )
