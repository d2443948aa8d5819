"""Check of the sentences of a language model: what the cited passages do not support is dropped. Pure.

Names, numbers and quoted words of a sentence are in the passages that it cites, and so are enough of its other words. A
sentence in another language than its passages shares names or numbers with them, since its words cannot be compared.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from scenedex.engines.answers.port import AnswerSentence
from scenedex.engines.answers.topics import language_of
from scenedex.engines.summaries.vision import words
from scenedex.engines.summaries.vision.evidence import CitedItem
from scenedex.engines.summaries.vision.instructions import instructing
from scenedex.engines.summaries.vision.languages import LATIN_WORD, in_script, is_garbled, is_in_language, simplified
from scenedex.engines.summaries.vision.names import names_in
from scenedex.engines.summaries.vision.support import LINK, REFUSAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.answers.port import EvidencePassage
    from scenedex.engines.summaries.port import SummaryLocale
    from scenedex.engines.summaries.vision.answers import ClaimedSentence

MAX_SENTENCES: Final = 4
_MAX_LETTERS: Final = 400
_MIN_SHARED: Final = 0.4
"""Minimum share of the words of a sentence that its passages or the question have."""

_OBEYED: Final = 0.5


class UnsupportedSentence(Enum):
    """Reason for which a sentence of an answer is dropped."""

    FORM = "it is empty or too long, or says that there is no answer"
    CITATION = "it cites no passage of the request"
    LANGUAGE = "it is in another language, or garbled"
    LINK = "it contains an address or markup"
    QUOTATION = "it quotes words that its passages have not"
    NUMBER = "it has a number that its passages have not"
    NAME = "it has a name that its passages have not"
    WORDS = "its passages do not have its words"
    OBEDIENCE = "it says what a film asks a model to say"


def supported(
    claimed: Sequence[ClaimedSentence], question: str, passages: Mapping[str, EvidencePassage], locale: SummaryLocale
) -> tuple[tuple[AnswerSentence, ...], tuple[UnsupportedSentence, ...]]:
    """Return the sentences that their passages support, and the fault of each that was dropped.

    Args:
        claimed: sentences as the model claims them.
        question: the question. Its names may be repeated.
        passages: passages of the request, by id.
        locale: language that was asked for.
    """
    items = {name: CitedItem("line", one.text) for name, one in passages.items()}
    suspect = words.terms(" ".join(instructing(items)))
    kept: dict[str, AnswerSentence] = {}
    faults: list[UnsupportedSentence] = []
    for one in claimed:
        cited = [passages[name] for name in one.evidence if name in passages]
        known = [text for passage in cited for text in _texts(passage)]
        text = in_script(" ".join(one.text.split()), locale, known)
        fault = _fault(text, question, cited, suspect, locale)
        if fault is not None:
            faults.append(fault)
        elif len(kept) < MAX_SENTENCES:
            numbers = tuple(dict.fromkeys(passage.number for passage in cited))
            kept.setdefault(text, AnswerSentence(text, numbers))
    return tuple(kept.values()), tuple(faults)


def _fault(
    text: str, question: str, cited: Sequence[EvidencePassage], suspect: frozenset[str], locale: SummaryLocale
) -> UnsupportedSentence | None:
    """Return the first reason to drop a sentence."""
    bare = words.without_quotations(text)
    sources = [source for passage in cited for source in _texts(passage)]
    known = " ".join(sources)
    names = [word for source in (known, question) for word in LATIN_WORD.findall(source)]
    checks = (
        (UnsupportedSentence.FORM, not text or len(text) > _MAX_LETTERS or REFUSAL.search(text) is not None),
        (UnsupportedSentence.CITATION, not cited),
        (
            UnsupportedSentence.LANGUAGE,
            is_garbled(text, locale) or not is_in_language(bare, locale, _not_english(names, locale)),
        ),
        (UnsupportedSentence.LINK, LINK.search(bare) is not None),
        (UnsupportedSentence.QUOTATION, not all(words.is_quoted_from(one, sources) for one in words.quotations(text))),
        (UnsupportedSentence.OBEDIENCE, _obeys(bare, suspect)),
        (UnsupportedSentence.NUMBER, bool(words.numbers(text) - words.numbers(f"{known} {question}"))),
        (UnsupportedSentence.NAME, _has_unknown_name(bare, f"{known} {question}", locale)),
        (UnsupportedSentence.WORDS, not _shares_words(text, question, cited, locale)),
    )
    return next((fault for fault, is_at_fault in checks if is_at_fault), None)


def _texts(passage: EvidencePassage) -> tuple[str, ...]:
    return passage.text, passage.speaker, passage.file_name, *passage.names


def _not_english(names: Sequence[str], locale: SummaryLocale) -> Sequence[str]:
    # English words of the passages tell that a sentence is English.
    return () if locale == "en-US" else names


def _obeys(bare: str, suspect: frozenset[str]) -> bool:
    found = words.terms(bare)
    return bool(found) and len(found & suspect) >= _OBEYED * len(found)


def _has_unknown_name(bare: str, known: str, locale: SummaryLocale) -> bool:
    known_words = {re.sub("['\u2019]s$", "", word).casefold() for word in LATIN_WORD.findall(known)}
    folded = simplified(known).casefold()
    return any(
        name.casefold() not in known_words if LATIN_WORD.match(name) else simplified(name) not in folded
        for name in names_in(bare, locale)
    )


def _shares_words(text: str, question: str, cited: Sequence[EvidencePassage], locale: SummaryLocale) -> bool:
    """Return whether the passages have enough words of a sentence beside those of the question."""
    known = " ".join(source for passage in cited for source in _texts(passage))
    if all(language_of(passage.text) != locale[:2] for passage in cited):
        # Another language: what both have are names and numbers.
        names = {word.casefold() for word in LATIN_WORD.findall(text)}
        shared = names & {word.casefold() for word in LATIN_WORD.findall(known)}
        return bool(shared) or bool(words.numbers(text) & words.numbers(known)) or bool(words.quotations(text))
    wanted = words.terms(text)
    supported_terms = words.terms(known)
    said = wanted - words.terms(question)
    if said and not said & supported_terms:
        return False
    return not wanted or len(wanted & (supported_terms | words.terms(question))) >= _MIN_SHARED * len(wanted)
