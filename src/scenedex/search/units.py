"""Units of a query: its words and runs of characters, with other forms of each. Pure.

A word of a spaced script is one unit. So is a short run of characters of a dense script, or one that is short without
its particle. A longer run is rarely one word, so each pair of neighbouring characters is a unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from scenedex.index.tokens import PhraseTerm, phrase_of, tokens_of
from scenedex.search.dense_forms import equal_runs, is_hangul, spaced_forms, stem_of
from scenedex.search.spelling import compounds, digit_groups, equal_spellings, initials, is_number, is_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import Token

Phrase: TypeAlias = "tuple[PhraseTerm, ...]"

MIN_PREFIX_LENGTH: Final = 3
"""Minimum number of letters of a word that also finds longer words with this prefix."""

_MAX_DENSE_WORD_LENGTH = 3
_MIN_SPACED_LENGTH = 3  # characters of a Korean word that may be written with a space in it
# Each character of a long run is part of two units.
_FACTOR_OF_PAIR = 0.5
_MIN_JOINED = 6  # letters of two words that may be written as one

# English articles, pronouns, prepositions, conjunctions and auxiliary verbs. Nouns, numbers and adjectives, as in a
# woman, two men or New York, carry meaning.
_WORDS = """
    a an the this that these those
    i me my mine myself you your yours yourself he him his himself she her hers herself it its itself
    we us our ours ourselves they them their theirs themselves
    who whom whose which what where when why how there here
    am is are was were be been being do does did doing done has have had having
    can could will would shall should may might must
    dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt
    im ive id youre youve weve were theyre theyve hes shes
    of in on at by for from to into onto with without about as than through during between among under over
    and or but nor so if because while until though although
    not no yes s t m d re ve ll
"""
_FUNCTION_WORDS: Final = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a query, which a scene contains or not.

    Attributes:
        phrase: terms in sequence. A word of a spaced script is one term.
        is_dense: whether the unit is of a dense script.
        factor: factor of its weight.
        equal: other forms of it, which scenes may contain or not.
        similar: forms that may be the same.
    """

    phrase: Phrase
    is_dense: bool
    factor: float = 1.0
    equal: tuple[Phrase, ...] = ()
    similar: tuple[Phrase, ...] = ()

    @property
    def word(self) -> str:
        """Word of a spaced script."""
        return self.phrase[0].term

    @property
    def is_word(self) -> bool:
        """True for a word of a spaced script in one term."""
        return not self.is_dense and len(self.phrase) == 1

    @property
    def can_be_prefix(self) -> bool:
        """True if words with this prefix match too."""
        return self.is_word and len(self.word) >= MIN_PREFIX_LENGTH

    @property
    def is_function_word(self) -> bool:
        """True for an English word without a meaning of its own."""
        return self.is_word and self.word in _FUNCTION_WORDS


def units_of(text: str) -> list[Unit]:
    """Return the units of a text, in order. Function words count only if there are no other words."""
    units: list[Unit] = []
    for part in text.split():
        here = [unit for tokens in _groups(tokens_of(part)) for unit in _units(tokens)]
        if units and here:
            units[-1], here[0] = _joined(units[-1], here[0], is_certain=False)
        for number in range(len(here) - 1):
            here[number], here[number + 1] = _joined(here[number], here[number + 1], is_certain=True)
        units += here
    unique = {unit.phrase: unit for unit in units}
    return [unit for unit in unique.values() if not unit.is_function_word] or list(unique.values())


def _groups(tokens: Iterable[Token]) -> list[list[Token]]:
    """Group tokens that are written as one word: runs, single words, initials, and digits of a number."""
    groups: list[list[Token]] = []
    spaced: list[Token] = []
    for token in (*tokens, None):
        if token is not None and not token.is_dense:
            spaced.append(token)
            continue
        words = [one.terms[0] for one in spaced]
        if is_number(words) or _are_initials(words):
            groups.append(spaced)
        else:
            groups += [[one] for one in spaced]
        spaced = []
        if token is not None:
            groups.append([token])
    return groups


def _are_initials(words: Sequence[str]) -> bool:
    # The letters of I'm are words.
    is_other = len(words) > 1 and not _FUNCTION_WORDS.issuperset(words)
    return is_other and all(len(word) == 1 and word.isalpha() for word in words)


def _units(tokens: Sequence[Token]) -> list[Unit]:
    first = tokens[0]
    if first.is_dense:
        return _units_of_run(first.terms[0] + "".join(term[1] for term in first.terms[1:]))
    words = [token.terms[0] for token in tokens]
    phrase = _sequence(words)
    if len(words) > 1:
        whole = "".join(words)
        return [Unit(phrase, is_dense=False, equal=() if whole in _FUNCTION_WORDS else (_sequence([whole]),))]
    [word] = words
    if word in _FUNCTION_WORDS:
        return [Unit(phrase, is_dense=False)]
    split = [(_sequence(parts[:2]), parts[2]) for parts in compounds(word) if _FUNCTION_WORDS.isdisjoint(parts[:2])]
    equal = [
        *(_sequence([one]) for one in equal_spellings(word)),
        *(_sequence(parts) for parts in (initials(word), digit_groups(word)) if parts),
        *(parts for parts, is_usual in split if is_usual),
    ]
    return [
        Unit(
            phrase,
            is_dense=False,
            equal=tuple(dict.fromkeys(equal)),
            similar=tuple(parts for parts, is_usual in split if not is_usual),
        )
    ]


def _units_of_run(run: str) -> list[Unit]:
    stem, is_clear = stem_of(run)
    if min(len(run), len(stem)) <= _MAX_DENSE_WORD_LENGTH:
        forms = [*equal_runs(run), *([stem, *equal_runs(stem)] if is_clear and stem != run else [])]
        equal = [phrase_of(form) for form in forms]
        if len(run) >= _MIN_SPACED_LENGTH:
            equal += spaced_forms(run)
        similar = () if is_clear else (phrase_of(stem),)
        return [Unit(phrase_of(run), is_dense=True, equal=tuple(dict.fromkeys(equal)), similar=similar)]
    long = stem if is_clear else run
    others = equal_runs(long)
    units: list[Unit] = []
    for place in range(len(long) - 1):
        pair = long[place : place + 2]
        alike = dict.fromkeys(phrase_of(other[place : place + 2]) for other in others)
        if is_hangul(pair):
            alike |= dict.fromkeys(spaced_forms(pair, long[place + 2 : place + 3]))
        alike.pop(phrase_of(pair), None)
        units.append(Unit(phrase_of(pair), is_dense=True, factor=_FACTOR_OF_PAIR, equal=tuple(alike)))
    return units


def _joined(first: Unit, second: Unit, *, is_certain: bool) -> tuple[Unit, Unit]:
    """Add to two neighbours the word that they may be written as."""
    if not (first.is_word and second.is_word):
        return first, second
    form = _sequence([first.word + second.word])
    has_meaning = not (first.is_function_word or second.is_function_word)
    if is_certain or (has_meaning and is_prefix(first.word)):
        return replace(first, equal=(*first.equal, form)), replace(second, equal=(*second.equal, form))
    if not has_meaning or len(form[0].term) < _MIN_JOINED:
        return first, second
    return replace(first, similar=(*first.similar, form)), replace(second, similar=(*second.similar, form))


def _sequence(words: Iterable[str]) -> Phrase:
    return tuple(PhraseTerm(word, place) for place, word in enumerate(words))
