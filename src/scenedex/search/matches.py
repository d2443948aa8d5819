"""Selection of the parts of a scene that match a search by words or persons. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenedex.index.tokens import searchable, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.records import IndexedScene, IndexedScript
    from scenedex.search.records import FoundBy, QueryPhrase


def with_matches_only(scene: IndexedScene, found_by: FoundBy) -> IndexedScene:
    """Return the scene with only the persons, keywords, texts and lines that match."""
    phrases = [phrase for phrase in found_by.phrases if phrase.is_said]
    said = _matching_lines(scene.scripts, phrases) if phrases else set[int]()
    strings = _required_strings(found_by)
    return replace(
        scene,
        persons=tuple(one for one in scene.persons if one.person_id in found_by.persons),
        keywords=tuple(one for one in scene.keywords if _matches(one.keyword, found_by, strings)),
        texts=tuple(one for one in scene.texts if _matches(one.text, found_by, strings)),
        scripts=tuple(
            line for place, line in enumerate(scene.scripts) if place in said or _matches(line.text, found_by, strings)
        ),
    )


def _required_strings(found_by: FoundBy) -> tuple[str, ...]:
    """Return strings of which a text must contain one to match. They are cheap to test."""
    starts = (phrase.terms[0].term for phrase in found_by.phrases if not phrase.is_said)
    return (*found_by.terms, *found_by.prefixes, *starts)


def _matches(text: str, found_by: FoundBy, strings: Sequence[str]) -> bool:
    # Most texts of a scene do not match, and splitting all of them into terms takes long.
    plain = searchable(text)
    if not any(string in plain for string in strings):
        return False
    places = _places([text])
    terms = {term for term, _ in places}
    if not terms.isdisjoint(found_by.terms):
        return True
    if any(term.startswith(found_by.prefixes) for term in terms):
        return True
    return any(_phrase_starts(phrase, places) for phrase in found_by.phrases if not phrase.is_said)


def _matching_lines(scripts: Sequence[IndexedScript], phrases: Iterable[QueryPhrase]) -> set[int]:
    """Return the positions of the lines in which a phrase is said, including all lines that it spans."""
    places = _places([line.text for line in scripts])
    lines = [place for place, line in enumerate(scripts) for word in tokens_of(line.text) for _ in range(word.places)]
    return {
        line
        for phrase in phrases
        for start in _phrase_starts(phrase, places)
        for line in lines[start : start + phrase.terms[-1].place + 1]
    }


def _places(texts: Iterable[str]) -> set[tuple[str, int]]:
    """Return the terms of consecutive texts, each with its position, as the index of words has them."""
    places: set[tuple[str, int]] = set()
    at = 0
    for text in texts:
        for word in tokens_of(text):
            places |= {(term, at + number) for number, term in enumerate(word.terms)}
            if word.last:
                places.add((word.last, at + len(word.terms)))
            at += word.places
    return places


def _phrase_starts(phrase: QueryPhrase, places: set[tuple[str, int]]) -> list[int]:
    """Return the positions at which a phrase starts."""
    first, *rest = phrase.terms
    starts = [at for term, at in places if term == first.term or (first.is_prefix and term.startswith(first.term))]
    return [
        at
        for at in starts
        if all(
            (one.term, at + one.place) in places
            or (one.is_prefix and any(term.startswith(one.term) for term, place in places if place == at + one.place))
            for one in rest
        )
    ]
