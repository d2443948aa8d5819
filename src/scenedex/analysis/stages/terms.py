"""Stage: keywords of what was read on screen and said. It is pure and runs in the worker itself.

Needs: texts on screen and utterances. Makes: `FoundKeyword`s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stages.moments import Span
from scenedex.engines import keywords
from scenedex.engines.keywords import Origin, Passage, SpokenWord

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME: Final = "terms"
NEEDS: Final = ("text", "speech")
PRODUCES: Final = ("keywords",)
VERSION: Final = "1"

TEXT: Final = "TEXT"
SPEECH: Final = "SPEECH"

_CATEGORIES = {Origin.SHOWN: TEXT, Origin.SAID: SPEECH}


class ShownText(msgspec.Struct, frozen=True):
    """A text on screen, how certain it was read (0-1), and when it was to be seen."""

    text: str
    confidence: float
    span: Span


class SaidWord(msgspec.Struct, frozen=True):
    """A word of an utterance and when it was said."""

    text: str
    span: Span


class SaidText(msgspec.Struct, frozen=True):
    """An utterance, its words in order where their times are known, how certain it was heard (0-1), and when."""

    text: str
    words: tuple[SaidWord, ...]
    confidence: float
    span: Span


class FoundKeyword(msgspec.Struct, frozen=True):
    """A keyword: ``TEXT`` was seen on screen, ``SPEECH`` was said.

    Attributes:
        keyword: as it is mostly written.
        category: where it comes from.
        confidence: 0-1; see `scenedex.engines.keywords.terms` for what makes it.
        appearances: when it was seen or said, in order, without overlaps.
    """

    keyword: str
    category: str
    confidence: float
    appearances: tuple[Span, ...]


def find_terms(shown: Sequence[ShownText], said: Sequence[SaidText]) -> tuple[FoundKeyword, ...]:
    """The keywords of an asset, most certain first; those of texts and of speech each by themselves."""
    passages = [Passage(text.text, text.confidence, text.span.range(), Origin.SHOWN) for text in shown]
    passages += [
        Passage(
            text.text,
            text.confidence,
            text.span.range(),
            Origin.SAID,
            [SpokenWord(word.text, word.span.range()) for word in text.words],
        )
        for text in said
    ]
    return tuple(
        FoundKeyword(
            term.text,
            _CATEGORIES[term.origin],
            term.confidence,
            tuple(Span.of(appearance) for appearance in term.appearances),
        )
        for term in keywords.find_terms(passages)
    )
