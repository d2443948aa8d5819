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
    from scenedex.search.code_queries import QueriedSet
    from scenedex.search.codes import NearCodes, SceneKeys
    from scenedex.search.conditions import Conditions
    from scenedex.search.likeness_queries import Likeness

MAX_COMPARED: Final = 3000
"""Vectors with the nearest codes that are compared with the query. See `benchmarks/search` for what they contain."""

_MIN_COMPARED: Final = 1000
# Keys in one statement, unless fewer than the minimum of them meet the conditions.
_MAX_KEYS: Final = 40_000

# Standard deviations by which an estimate is too low at most. The minimum similarity is that of half the minimum score
# of a hit. A vector whose similarity is that of a hit is several deviations above it.
_MAX_ERROR: Final = 2

# If fewer vectors than expected meet the conditions, so many times as many codes are read.
_WIDENING: Final = 4

# Vectors of single scenes are read one by one, which takes ten times as long as those of whole indexes.
_MAX_EXACT_OF_SCENES: Final = 6000
# Listing more scenes that meet a condition takes longer than checking the condition for those with the nearest codes.
_MAX_LISTED: Final = 100_000


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
        share, listed = 1.0, None
        if conditions.parts:
            met, sampled = await likeness_queries.share_of_sample(tx, like, conditions)
            expected = met * found.codes.vectors / sampled
            if expected <= (min(self.max_exact, _MAX_EXACT_OF_SCENES) if conditions.of_scenes else self.max_exact):
                return await _exactly(tx, like, conditions, limits)
            listed = await _listed(tx, conditions, expected)
            if listed is None and expected <= self.max_exact:
                return await _exactly(tx, like, conditions, limits)
            # The share may be smaller by chance.
            share = (met - min(2 * math.sqrt(met), met / 2)) / sampled
        comparison = _Comparison(self.codes, like, found, limits)
        if listed is not None:
            return await comparison.of_listed(tx, *listed)
        candidates = await comparison.of_share(tx, share, conditions)
        return await _exactly(tx, like, conditions, limits) if candidates is None else candidates


async def _listed(tx: Transaction, conditions: Conditions, expected: float) -> tuple[SceneKeys, Conditions] | None:
    """Return the scenes that meet one of the conditions, and the other conditions, or `None` if they are many."""
    if expected > _MAX_LISTED:
        return None
    for condition in conditions.of_scenes:
        if condition.scenes is not None:
            scenes = await likeness_queries.listed_scenes(tx, condition.scenes, condition.params, _MAX_LISTED)
            if scenes is not None:
                return scenes, conditions.without(condition)
    return None


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Comparison of the vectors with the nearest codes."""

    codes: CodeCache
    like: Likeness
    found: QueriedSet
    limits: SimilarityLimits

    @property
    def max_compared(self) -> int:
        """Maximum number of vectors that are compared."""
        return max(MAX_COMPARED, 2 * self.limits.max_scenes)

    async def of_share(self, tx: Transaction, share: float, conditions: Conditions) -> list[SceneCandidate] | None:
        """Return the most similar scenes if this share meets the conditions, or `None` if too few do."""
        count = math.ceil(min(self.max_compared / share, max(_MAX_KEYS, _MIN_COMPARED / share)))
        while count < self.found.codes.vectors:
            near = await self.codes.nearest(tx, self.found, count)
            similar = self._similar(near)
            candidates, compared = await self._compare(tx, similar, conditions)
            if compared >= _MIN_COMPARED / 2 or len(similar) < len(near):
                return candidates
            count *= _WIDENING
        return None

    async def of_listed(self, tx: Transaction, scenes: SceneKeys, conditions: Conditions) -> list[SceneCandidate]:
        """Return the most similar ones of some scenes that meet the conditions."""
        count = self.max_compared
        while True:
            near = await self.codes.nearest(tx, self.found, count, scenes)
            similar = self._similar(near)
            candidates, compared = await self._compare(tx, similar, conditions)
            if compared >= _MIN_COMPARED / 2 or len(similar) < count:
                return candidates
            count *= _WIDENING

    def _similar(self, near: NearCodes) -> NearCodes:
        """Return the vectors that may reach the minimum similarity. If some may not, no further vector does."""
        similarities = near.products + self.found.query.with_centre
        return near.at(similarities + _MAX_ERROR * near.errors >= self.limits.min_similarity)

    async def _compare(
        self, tx: Transaction, near: NearCodes, conditions: Conditions
    ) -> tuple[list[SceneCandidate], int]:
        return await likeness_queries.nearest_of(
            tx,
            self.like,
            near,
            conditions,
            max_compared=self.max_compared,
            min_similarity=self.limits.min_similarity,
            max_scenes=self.limits.max_scenes,
        )


async def _exactly(
    tx: Transaction, like: Likeness, conditions: Conditions, limits: SimilarityLimits
) -> list[SceneCandidate]:
    return await likeness_queries.exactly_nearest(
        tx, like, conditions, min_similarity=limits.min_similarity, max_scenes=limits.max_scenes
    )
