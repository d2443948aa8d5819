"""Search for scenes by words: reads the smallest tiers of scenes until enough of them are good enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from scenedex.search import word_queries
from scenedex.search.conditions import shows
from scenedex.search.word_queries import TierPart, scoring_of
from scenedex.search.word_tiers import tiers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.search.candidate_queries import SceneCandidate
    from scenedex.search.conditions import Conditions
    from scenedex.search.word_conditions import SequenceConditions, UnitConditions
    from scenedex.search.word_queries import Scoring
    from scenedex.search.word_tiers import Tier

MAX_RANKED: Final = 1000
"""Number of scenes of a tier that are ranked. Of more, the newest are."""

_MIN_INDEXES, _MAX_INDEXES = 10, 4000
_SCENES_OF_INDEX = 40
# If the newest indexes have fewer scenes than this share of those to rank, all others are read at once.
_MIN_SHARE_OF_RANKED = 0.25
# Ranges of indexes are read at once, with those between that do not meet the conditions.
_MAX_SPARSITY = 3
# Estimates of the number of scenes may be so many times too high. Reading too many scenes is given up.
_MAX_OVERESTIMATE = 4
_MAX_EXCESS = 3


@dataclass(frozen=True, slots=True)
class WordQuery:
    """A query by words.

    Attributes:
        units: units in order of falling weight.
        sequence: conditions on the order of the words, or `None` if there is only one.
        scenes: number of scenes of the workspace.
        min_score: minimum score of a scene, 0 to 1.
        min_shown: minimum score of a hit. Scenes below it are read only if they are few.
        max_scenes: maximum number of scenes to return.
        max_ranked: number of scenes of a tier up to which all are ranked.
        max_at_once: estimated number of scenes of a tier up to which they are read at once, and not the newest first.
    """

    units: Sequence[UnitConditions]
    sequence: SequenceConditions | None
    scenes: int
    min_score: float
    min_shown: float
    max_scenes: int
    max_ranked: int = MAX_RANKED
    max_at_once: int = MAX_RANKED


async def scenes_by_words(tx: Transaction, query: WordQuery, conditions: Conditions) -> list[SceneCandidate]:
    """Return the best scenes by the share of a query that they contain, and slightly by the order of its words.

    Scenes that contain as much of the query as more than ``max_ranked`` newer ones may be left out.
    """
    if not query.units:
        return []
    search = _WordSearch(tx, query, scoring_of(query.units, query.sequence))
    await search.run(tiers_of(query.units, query.min_score, query.scenes), conditions)
    named = tuple(dict.fromkeys(person for unit in query.units for person in unit.persons))
    if named:
        # Scenes that show a person need no word of the name.
        others = [unit for unit in query.units if not unit.persons]
        given = 1 - sum(unit.weight for unit in others)
        tiers = tiers_of(others, query.min_score, query.scenes, given=given)
        shown, shown_in_index = shows("named", named), shows("named_in_index", named, in_scene=False)
        await search.run(tiers, conditions.also(shown, of_indexes=(shown_in_index,)))
    return search.best()


class _WordSearch:
    """A search that keeps the best scenes of all tiers so far."""

    def __init__(self, tx: Transaction, query: WordQuery, scoring: Scoring) -> None:
        self._tx = tx
        self._query = query
        self._scoring = scoring
        self._found: dict[tuple[int, int], SceneCandidate] = {}
        self._reads = 0

    def best(self) -> list[SceneCandidate]:
        """Return the best scenes, best first."""
        found = list(self._found.values())
        if self._reads > 1:
            found.sort(key=lambda one: (-one.value, -one.created_time.timestamp(), -one.index_id, one.scene_id))
        return found[: self._query.max_scenes]

    async def run(self, tiers: Sequence[Tier], conditions: Conditions) -> None:
        """Read the tiers until no other scene is better than enough of them."""
        query = self._query
        small = [number for number, tier in enumerate(tiers) if tier.words and tier.scenes <= query.max_at_once]
        above, read = 1.0, ""
        for tier in tiers[max(small, default=0) :]:
            part = TierPart([words for words in (tier.words, *conditions.words) if words], without=read)
            # If not, they have so little of the query that they are no hits by themselves.
            are_shown = above > query.min_shown
            if not await self._read_few(part, conditions, tier, are_shown=are_shown) and (
                not are_shown or not await self._read_newest(part, conditions, tier)
            ):
                return
            if sum(one.value >= tier.bound for one in self._found.values()) >= query.max_scenes:
                return
            above, read = tier.bound, tier.words

    async def _read_few(self, part: TierPart, conditions: Conditions, tier: Tier, *, are_shown: bool) -> bool:
        """Read all scenes of a part. Return `False` if they are too many."""
        limit = self._query.max_at_once
        if not part.words or tier.scenes > (_MAX_OVERESTIMATE * limit if are_shown else limit):
            return False
        max_scenes = _MAX_EXCESS * limit if are_shown else limit
        return await self._read(replace(part, max_scenes=max_scenes), conditions) is not None

    async def _read(self, part: TierPart, conditions: Conditions) -> int | None:
        """Read scenes. Return the number of those that meet the conditions, or `None` if they are too many."""
        query = self._query
        read = await word_queries.best_by_words(
            self._tx, self._scoring, conditions, part, min_score=query.min_score, max_scenes=query.max_scenes
        )
        self._reads += 1
        self._found |= {(one.index_id, one.scene_id): one for one in read.best}
        return read.scored

    async def _read_newest(self, part: TierPart, conditions: Conditions, tier: Tier) -> bool:
        """Read the newest scenes of a part. Return `True` if these were all of them."""
        query, scored, before = self._query, 0, None
        share = max(tier.scenes, 1) / max(query.scenes, 1)
        limit = int(min(max(query.max_ranked / (share * _SCENES_OF_INDEX), _MIN_INDEXES), _MAX_INDEXES))
        while scored < query.max_ranked:
            indexes = await word_queries.newest_indexes(self._tx, conditions, before=before, max_indexes=limit)
            if not indexes:
                return True
            before, here = indexes[-1], await self._read(_in_indexes(part, indexes), conditions) or 0
            if len(indexes) < limit:
                return True
            if limit == _MAX_INDEXES and here < _MIN_SHARE_OF_RANKED * query.max_ranked:
                await self._read(replace(part, last=before - 1), conditions)
                return True
            scored += here
            limit = _MAX_INDEXES
        return False


def _in_indexes(part: TierPart, indexes: Sequence[int]) -> TierPart:
    """Limit a part to some indexes, which are in descending order."""
    last, first = indexes[0], indexes[-1]
    is_sparse = last - first >= _MAX_SPARSITY * len(indexes)
    return replace(part, first=first, last=last, indexes=indexes if is_sparse else None)
