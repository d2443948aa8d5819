"""What the scenes of a workspace know of the words of a query: how many have each, and how they may have spelt it."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from scenedex.index.search_terms import lexeme, spelling_variants
from scenedex.index.tokens import phrase_of, terms_of
from scenedex.search import lexicon_queries
from scenedex.search.query import SHORTEST_PREFIX, Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.tokens import PhraseTerm
    from scenedex.search.query import Unit

MOST_MISSPELT: Final = 8
"""Spellings that may stand for one word: those of most scenes."""

_LETTERS_FOR_TWO_MISTAKES = 8


async def look_up(tx: Transaction, workspace_id: int, units: Sequence[Unit]) -> tuple[int, list[Known]]:
    """How many scenes of a workspace have words, and what is known of each unit, in their order."""
    words = [unit.word for unit in units if not unit.is_dense]
    all_scenes = lexeme(workspace_id, "")
    terms = [lexeme(workspace_id, part.term) for unit in units for part in unit.phrase]
    counts = await lexicon_queries.scene_counts(tx, [all_scenes, *terms])
    begun = await lexicon_queries.prefix_counts(
        tx, [lexeme(workspace_id, unit.word) for unit in units if unit.may_begin_words or unit.phrase[0].is_prefix]
    )
    spellings = await _misspelt(tx, workspace_id, words)
    names = _names(await lexicon_queries.named_persons(tx, workspace_id), units)
    known: list[Known] = []
    for unit in units:
        scenes = _scenes(workspace_id, unit, counts, begun)
        alike = {} if unit.is_dense else spellings.get(unit.word, {})
        found = scenes or sum(alike.values())
        known.append(Known(unit, found, tuple(alike), is_misspelt=not scenes, persons=tuple(names.get(unit, ()))))
    return counts.get(all_scenes, 0), known


async def named_by(
    tx: Transaction, workspace_id: int, phrases: Sequence[tuple[PhraseTerm, ...]]
) -> dict[tuple[PhraseTerm, ...], list[int]]:
    """The persons whose names have the terms of each phrase one after another."""
    if not phrases:
        return {}
    persons = await lexicon_queries.named_persons(tx, workspace_id)
    return {
        phrase: [
            person_id
            for person_id, name in persons
            if _parts_of(name).issuperset(one.term for one in phrase if not one.is_prefix)
            and _has_phrase(phrase_of(name), phrase)
        ]
        for phrase in phrases
    }


def _has_phrase(name: Sequence[PhraseTerm], phrase: Sequence[PhraseTerm]) -> bool:
    places = {(one.term, one.place) for one in name}
    return any(
        all((one.term, start.place + one.place) in places for one in phrase)
        for start in name
        if start.term == phrase[0].term
    )


def _scenes(workspace_id: int, unit: Unit, counts: Mapping[str, int], begun: Mapping[str, int]) -> int:
    """Scenes that have a unit: of a run, at most as many as have its rarest part."""
    first = lexeme(workspace_id, unit.word)
    if unit.phrase[0].is_prefix:
        return begun.get(first, 0)
    whole = min(counts.get(lexeme(workspace_id, part.term), 0) for part in unit.phrase)
    return whole or begun.get(first, 0)


async def _misspelt(tx: Transaction, workspace_id: int, words: Iterable[str]) -> dict[str, dict[str, int]]:
    """Known words that are spelt nearly like these, with the number of scenes that have each."""
    keys = {word: spelling_variants(workspace_id, word) for word in words}
    if not any(keys.values()):
        return {}
    found = await lexicon_queries.near(tx, [key for near in keys.values() for key in near])
    bare = len(lexeme(workspace_id, ""))
    spellings: dict[str, dict[str, int]] = {}
    for word, near in keys.items():
        most = 1 + (len(word) >= _LETTERS_FOR_TWO_MISTAKES)
        alike = {
            known[bare:]: scenes
            for known, scenes, of_known in found
            if known[bare:] != word
            and not set(near).isdisjoint(of_known)
            and OSA.distance(word, known[bare:], score_cutoff=most) <= most
        }
        spellings[word] = dict(sorted(alike.items(), key=lambda one: (-one[1], one[0]))[:MOST_MISSPELT])
    return spellings


def _names(persons: Iterable[tuple[int, str]], units: Sequence[Unit]) -> dict[Unit, list[int]]:
    """Persons whose names have a unit, or a word that begins with it or is spelt nearly like it."""
    bearers: defaultdict[str, list[int]] = defaultdict(list)
    for person_id, name in persons:
        for part in _parts_of(name):
            bearers[part].append(person_id)
    return {unit: _bearers_of(unit, bearers) for unit in units}


def _bearers_of(unit: Unit, bearers: Mapping[str, Sequence[int]]) -> list[int]:
    if unit.is_dense:
        having = [
            {person for part in bearers if part.startswith(one.term) for person in bearers[part]}
            if one.is_prefix
            else set(bearers.get(one.term, ()))
            for one in unit.phrase
        ]
        return sorted(set[int].intersection(*having))
    found = set(bearers.get(unit.word, ()))
    if not found and len(unit.word) >= SHORTEST_PREFIX:
        alike = [part for part in bearers if part.startswith(unit.word)]
        if spelling_variants(0, unit.word):
            near = process.extract(unit.word, list(bearers), scorer=OSA.distance, score_cutoff=1, limit=None)
            alike += [part for part, *_ in near]
        found = {person for part in alike for person in bearers[part]}
    return sorted(found)


@lru_cache(maxsize=1 << 16)
def _parts_of(name: str) -> frozenset[str]:
    """The terms of a name."""
    return frozenset(terms_of(name))
