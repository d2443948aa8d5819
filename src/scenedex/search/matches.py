"""Selection of the parts of a scene that match a search by words or persons. Pure.

A form of a word of the query is a term, a prefix or a phrase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scenedex.index.tokens import PhraseTerm, searchable, tokens_of
from scenedex.search.word_conditions import LIKELY_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.records import IndexedScene, IndexedScript
    from scenedex.search.records import FoundBy, QueryPhrase
    from scenedex.search.units import Phrase


def with_matches_only(scene: IndexedScene, found_by: FoundBy) -> IndexedScene:
    """Return the scene with only the persons, keywords, texts, lines and summary that match."""
    said = {place for run in said_lines(scene.scripts, found_by) for place in run.places}
    matcher = TextMatcher(found_by)
    summary = scene.summary
    return replace(
        scene,
        summary=summary if summary is not None and matcher.parts_in(summary.text) else None,
        persons=tuple(one for one in scene.persons if one.person_id in found_by.persons),
        keywords=tuple(one for one in scene.keywords if matcher.parts_in(one.keyword)),
        texts=tuple(one for one in scene.texts if matcher.parts_in(one.text)),
        scripts=tuple(line for place, line in enumerate(scene.scripts) if place in said or matcher.parts_in(line.text)),
    )


class TextMatcher:
    """Finds the parts of a query in single texts."""

    def __init__(self, found_by: FoundBy) -> None:
        self._terms = frozenset(found_by.terms)
        self._prefixes = found_by.prefixes
        self._phrases = [phrase for phrase in found_by.phrases if not phrase.is_said]
        self._words = _words_of_forms(found_by)
        # Strings of which a text must contain one to match. They are cheap to test.
        self._strings = (*found_by.terms, *found_by.prefixes, *(phrase.terms[0].term for phrase in self._phrases))

    def parts_in(self, text: str) -> dict[object, float]:
        """Return the words of the query that a text contains, each with the share that its form counts."""
        # Most texts of a scene do not match, and splitting all of them into terms takes long.
        plain = searchable(text)
        if not any(string in plain for string in self._strings):
            return {}
        places = _places([text])
        terms = {term for term, _ in places}
        forms = [
            *((PhraseTerm(one, 0),) for one in self._terms & terms),
            *(
                (PhraseTerm(one, 0, is_prefix=True),)
                for one in self._prefixes
                if any(term.startswith(one) for term in terms)
            ),
            *(phrase.terms for phrase in self._phrases if _phrase_starts(phrase, places)),
        ]
        parts: dict[object, float] = {}
        for form in forms:
            for word, share in self._words.get(form, {form: 1.0}).items():
                parts[word] = max(parts.get(word, 0.0), share)
        return parts


def _words_of_forms(found_by: FoundBy) -> dict[Phrase, dict[object, float]]:
    """Return the words that each form of a query belongs to, by number, with the share that it counts of each."""
    words: dict[Phrase, dict[object, float]] = {}
    for number, unit in enumerate(found_by.units):
        for forms, share in ((unit.likely, LIKELY_SHARE), (unit.equal, 1.0)):
            for form in forms:
                words.setdefault(form, {})[number] = share
    return words


@dataclass(frozen=True, slots=True)
class SaidPhrase:
    """A phrase of a search for speech, and the positions of the consecutive lines in which it is said."""

    phrase: QueryPhrase
    places: range


def said_lines(scripts: Sequence[IndexedScript], found_by: FoundBy) -> list[SaidPhrase]:
    """Find the phrases of a search for speech, also across lines."""
    phrases = [phrase for phrase in found_by.phrases if phrase.is_said]
    if not phrases:
        return []
    places = _places([line.text for line in scripts])
    lines = [place for place, line in enumerate(scripts) for word in tokens_of(line.text) for _ in range(word.places)]
    return [
        SaidPhrase(phrase, range(lines[start], lines[start + phrase.terms[-1].place] + 1))
        for phrase in phrases
        for start in sorted(_phrase_starts(phrase, places))
    ]


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
