"""Lexicon of a workspace: how many scenes contain the words of a query, similar spellings, and names of persons."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from scenedex.index.search_terms import lexeme, spelling_variants
from scenedex.index.tokens import phrase_of, terms_of
from scenedex.search import lexicon_queries
from scenedex.search.query import KnownUnit
from scenedex.search.units import MIN_PREFIX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.tokens import PhraseTerm
    from scenedex.search.units import Phrase, Unit

MAX_SPELLINGS: Final = 8
"""Maximum number of similar spellings of one word. The most frequent ones are kept."""

_MIN_LETTERS_FOR_TWO_MISTAKES = 8
_SHARE_IN_SEQUENCE = 0.2  # of the scenes with the rarest term of a form, by rule of thumb


async def known_units(tx: Transaction, workspace_id: int, units: Sequence[Unit]) -> tuple[int, list[KnownUnit]]:
    """Return the number of scenes of a workspace with words, and what the lexicon knows of each unit, in order."""
    words = [unit.word for unit in units if unit.is_word]
    all_scenes = lexeme(workspace_id, "")
    forms = [form for unit in units for form in (unit.phrase, *unit.equal, *unit.similar)]
    terms = [lexeme(workspace_id, part.term) for form in forms for part in form]
    counts = await lexicon_queries.scene_counts(tx, [all_scenes, *terms])
    prefixed = await lexicon_queries.prefix_counts(
        tx, [lexeme(workspace_id, unit.word) for unit in units if unit.can_be_prefix or unit.phrase[0].is_prefix]
    )
    spellings = await _similar_spellings(tx, workspace_id, words)
    names = _names(await lexicon_queries.named_persons(tx, workspace_id), units)
    known: list[KnownUnit] = []
    for unit in units:
        equal, similar = (
            {form: scenes for form in forms if (scenes := _scenes_with(workspace_id, form, counts))}
            for forms in (unit.equal, unit.similar)
        )
        scenes = _scenes(workspace_id, unit, counts, prefixed) + sum(equal.values())
        misspelt = spellings.get(unit.word, {}) if unit.is_word else {}
        prefix = prefixed.get(lexeme(workspace_id, unit.word), 0) if unit.can_be_prefix else 0
        known.append(
            KnownUnit(
                unit,
                scenes or sum(misspelt.values()) or sum(similar.values()),
                tuple(misspelt),
                is_misspelt=not scenes,
                persons=tuple(names.get(unit, ())),
                equal=tuple(equal),
                similar=tuple(similar),
                similar_scenes=prefix + sum(misspelt.values()) + sum(similar.values()),
            )
        )
    return counts.get(all_scenes, 0), known


async def persons_named_by(
    tx: Transaction, workspace_id: int, phrases: Sequence[tuple[PhraseTerm, ...]]
) -> dict[tuple[PhraseTerm, ...], list[int]]:
    """Return the persons whose names contain the terms of each phrase in sequence."""
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


def _scenes(workspace_id: int, unit: Unit, counts: Mapping[str, int], prefixed: Mapping[str, int]) -> int:
    """Return the number of scenes that contain a unit. A run counts as often as its rarest part."""
    first = lexeme(workspace_id, unit.word)
    if unit.phrase[0].is_prefix:
        return prefixed.get(first, 0)
    whole = min(counts.get(lexeme(workspace_id, part.term), 0) for part in unit.phrase)
    return whole or prefixed.get(first, 0)


def _scenes_with(workspace_id: int, form: Phrase, counts: Mapping[str, int]) -> int:
    """Estimate the number of scenes that contain a form by that of its rarest term. A prefix is not counted."""
    scenes = min((counts.get(lexeme(workspace_id, one.term), 0) for one in form if not one.is_prefix), default=1)
    return scenes if len(form) == 1 else math.ceil(scenes * _SHARE_IN_SEQUENCE)


async def _similar_spellings(tx: Transaction, workspace_id: int, words: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return known words that are spelt nearly like each word, with the number of scenes that contain them."""
    keys = {word: spelling_variants(workspace_id, word) for word in words}
    if not any(keys.values()):
        return {}
    found = await lexicon_queries.near(tx, [key for near in keys.values() for key in near])
    bare = len(lexeme(workspace_id, ""))
    spellings: dict[str, dict[str, int]] = {}
    for word, near in keys.items():
        max_mistakes = 1 + (len(word) >= _MIN_LETTERS_FOR_TWO_MISTAKES)
        similar = {
            known[bare:]: scenes
            for known, scenes, of_known in found
            if known[bare:] != word
            and not set(near).isdisjoint(of_known)
            and OSA.distance(word, known[bare:], score_cutoff=max_mistakes) <= max_mistakes
        }
        spellings[word] = dict(sorted(similar.items(), key=lambda one: (-one[1], one[0]))[:MAX_SPELLINGS])
    return spellings


def _names(persons: Iterable[tuple[int, str]], units: Sequence[Unit]) -> dict[Unit, list[int]]:
    """Return the persons whose names contain each unit, a word with this prefix or a nearly equal spelling."""
    persons_by_term = _persons_by_term(tuple(persons))
    return {unit: _persons_of(unit, persons_by_term) for unit in units}


# The same persons are read for one search after another.
@lru_cache(maxsize=16)
def _persons_by_term(persons: tuple[tuple[int, str], ...]) -> Mapping[str, Sequence[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for person_id, name in persons:
        for part in _parts_of(name):
            found[part].append(person_id)
    return dict(found)


def _persons_of(unit: Unit, persons_by_term: Mapping[str, Sequence[int]]) -> list[int]:
    if unit.is_dense:
        persons_of_parts = [
            {person for part in persons_by_term if part.startswith(one.term) for person in persons_by_term[part]}
            if one.is_prefix
            else set(persons_by_term.get(one.term, ()))
            for one in unit.phrase
        ]
        return sorted(set[int].intersection(*persons_of_parts))
    found = set(persons_by_term.get(unit.word, ()))
    if not found and len(unit.word) >= MIN_PREFIX_LENGTH:
        similar = [part for part in persons_by_term if part.startswith(unit.word)]
        if spelling_variants(0, unit.word):
            near = process.extract(unit.word, list(persons_by_term), scorer=OSA.distance, score_cutoff=1, limit=None)
            similar += [part for part, *_ in near]
        found = {person for part in similar for person in persons_by_term[part]}
    return sorted(found)


@lru_cache(maxsize=1 << 16)
def _parts_of(name: str) -> frozenset[str]:
    """Return the terms of a name."""
    return frozenset(terms_of(name))
