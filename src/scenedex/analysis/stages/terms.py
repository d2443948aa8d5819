"""Stage: keywords of texts on screen, of speech and of pictures. Pure and cheap, so it is not stored."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import Inputs, Stage, WorkerStep
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.pictures import PICTURES_STAGE
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE
from scenedex.analysis.stages.text import TEXT_STAGE
from scenedex.engines import keywords
from scenedex.engines.keywords import TEXT_TERMS, Origin, Passage, TimedWord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_CATEGORIES: Final = {Origin.SHOWN: "TEXT", Origin.SAID: "SPEECH"}


class ShownText(msgspec.Struct, frozen=True):
    """Text on screen, with the confidence of its reading (0-1) and the span in which it is visible."""

    text: str
    confidence: float
    span: Span


class SaidWord(msgspec.Struct, frozen=True):
    """Word of an utterance with its span."""

    text: str
    span: Span


class SaidText(msgspec.Struct, frozen=True):
    """Utterance with its words in order, if their times are known, its confidence (0-1) and its span."""

    text: str
    words: tuple[SaidWord, ...]
    confidence: float
    span: Span


class FoundKeyword(msgspec.Struct, frozen=True):
    """Keyword of an asset.

    Attributes:
        keyword: its most frequent spelling.
        category: its origin: ``TEXT`` on screen, ``SPEECH``, or ``OBJECT`` or ``LABEL`` in pictures.
        confidence: 0-1. See `scenedex.engines.keywords.terms`.
        appearances: spans in which it is seen or said, in order, without overlaps.
    """

    keyword: str
    category: str
    confidence: float
    appearances: tuple[Span, ...]


def find_terms(shown: Sequence[ShownText], said: Sequence[SaidText]) -> tuple[FoundKeyword, ...]:
    """Return the keywords of texts on screen and of speech, each group by falling confidence."""
    passages = [Passage(text.text, text.confidence, text.span.range(), Origin.SHOWN) for text in shown]
    passages += [
        Passage(
            text.text,
            text.confidence,
            text.span.range(),
            Origin.SAID,
            [TimedWord(word.text, word.span.range()) for word in text.words],
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


class TermsResult(msgspec.Struct, frozen=True):
    """Keywords of an asset."""

    keywords: tuple[FoundKeyword, ...]


def keywords_of(inputs: Inputs) -> TermsResult:
    """Return the keywords of texts, speech and pictures. A keyword of a keyframe holds for its shot."""
    text, speech = inputs.find(TEXT_STAGE), inputs.find(SPEECH_STAGE)
    shown = [ShownText(one.text, one.confidence, one.span) for one in (() if text is None else text.regions)]
    said = [
        SaidText(one.text, tuple(SaidWord(word.text, word.span) for word in one.words), one.confidence, one.span)
        for one in (() if speech is None else speech.utterances)
    ]
    return TermsResult((*find_terms(shown, said), *_of_pictures(inputs)))


def _of_pictures(inputs: Inputs) -> list[FoundKeyword]:
    pictures = inputs.find(PICTURES_STAGE)
    if pictures is None:
        return []
    shots = {
        one.shot.keyframe: Span.of(one.shot.range) for scene in inputs.of(SCENES_STAGE).scenes for one in scene.shots
    }
    return [
        FoundKeyword(one.keyword, one.category, one.confidence, (shots[one.time.timecode()],))
        for one in pictures.keywords
        if one.time.timecode() in shots
    ]


async def _run(inputs: Inputs, _options: None, _report: Callable[[float], Awaitable[None]]) -> TermsResult:
    return await asyncio.to_thread(keywords_of, inputs)


TERMS_STAGE: Final = Stage(
    name="terms",
    version="1",
    result=TermsResult,
    step=WorkerStep(function=_run),
    options=lambda _inputs: None,
    needs=(SCENES_STAGE,),
    uses=(TEXT_STAGE, SPEECH_STAGE, PICTURES_STAGE),
    produced_by=lambda _found: [("keywords", TEXT_TERMS)],
)
