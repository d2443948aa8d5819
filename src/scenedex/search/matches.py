"""What of a scene answers a search by its words, or by who is seen. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenedex.index.tokens import searchable, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.records import IndexedScene, IndexedScript
    from scenedex.search.records import FoundBy, QueryPhrase


def answering(scene: IndexedScene, found_by: FoundBy) -> IndexedScene:
    """The scene with those of its findings that answer."""
    phrases = [phrase for phrase in found_by.phrases if phrase.is_said]
    said = _lines_with(scene.scripts, phrases) if phrases else set[int]()
    signs = _signs_of(found_by)
    return replace(
        scene,
        persons=tuple(one for one in scene.persons if one.person_id in found_by.persons),
        keywords=tuple(one for one in scene.keywords if _answers(one.keyword, found_by, signs)),
        texts=tuple(one for one in scene.texts if _answers(one.text, found_by, signs)),
        scripts=tuple(
            line for place, line in enumerate(scene.scripts) if place in said or _answers(line.text, found_by, signs)
        ),
    )


def _signs_of(found_by: FoundBy) -> tuple[str, ...]:
    """What to look for at first: a text with none of these does not answer, whatever its words are."""
    begun = (phrase.terms[0].term for phrase in found_by.phrases if not phrase.is_said)
    return (*found_by.terms, *found_by.prefixes, *begun)


def _answers(text: str, found_by: FoundBy, signs: Sequence[str]) -> bool:
    # Most of what is in a scene does not answer, and reading the words of it all takes long.
    plain = searchable(text)
    if not any(sign in plain for sign in signs):
        return False
    places = _places([text])
    terms = {term for term, _ in places}
    if not terms.isdisjoint(found_by.terms):
        return True
    if any(term.startswith(found_by.prefixes) for term in terms):
        return True
    return any(_starts(phrase, places) for phrase in found_by.phrases if not phrase.is_said)


def _lines_with(scripts: Sequence[IndexedScript], phrases: Iterable[QueryPhrase]) -> set[int]:
    """The lines, by their position, in which a phrase is said, all of those that it reaches over."""
    places = _places([line.text for line in scripts])
    lines = [place for place, line in enumerate(scripts) for word in tokens_of(line.text) for _ in range(word.places)]
    return {
        line
        for phrase in phrases
        for start in _starts(phrase, places)
        for line in lines[start : start + phrase.terms[-1].place + 1]
    }


def _places(texts: Iterable[str]) -> set[tuple[str, int]]:
    """The terms of texts that follow one another, each with its place, as scenes are found by them."""
    places: set[tuple[str, int]] = set()
    at = 0
    for text in texts:
        for word in tokens_of(text):
            places |= {(term, at + number) for number, term in enumerate(word.terms)}
            if word.last:
                places.add((word.last, at + len(word.terms)))
            at += word.places
    return places


def _starts(phrase: QueryPhrase, places: set[tuple[str, int]]) -> list[int]:
    """Where a phrase begins."""
    first, *rest = phrase.terms
    begun = [at for term, at in places if term == first.term or (first.is_prefix and term.startswith(first.term))]
    return [
        at
        for at in begun
        if all(
            (one.term, at + one.place) in places
            or (one.is_prefix and any(term.startswith(one.term) for term, place in places if place == at + one.place))
            for one in rest
        )
    ]
