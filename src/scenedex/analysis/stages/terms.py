"""Stage: keywords of texts on screen, of speech and of pictures. Pure and cheap, so it is not stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stage import Inputs, Stage, WorkerStep
from scenedex.analysis.stages.pictures import PICTURES_STAGE
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE
from scenedex.analysis.stages.text import TEXT_STAGE
from scenedex.engines.keywords import KEYWORDS, TEXT_TERMS, RecognisedText, TextOrigin, TimedWord, find_terms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.analysis.stages.text import TextRegion
    from scenedex.timeline import TimeRange

_MIN_CONFIDENCE: Final = 0.8
_MIN_CONFIDENCE_BRIEF: Final = 0.95
_BRIEF_SECONDS: Final = Fraction(3, 4)
"""Minimum confidence of a text on screen that has keywords. Higher for a text that is shown for a moment."""

_CATEGORIES: Final = {TextOrigin.SHOWN: "TEXT", TextOrigin.SAID: "SPEECH"}


@dataclass(frozen=True, slots=True)
class FoundKeyword:
    """Keyword of an asset.

    Attributes:
        keyword: its most frequent spelling.
        category: its origin: ``TEXT`` on screen, ``SPEECH``, or ``OBJECT`` or ``LABEL`` in pictures.
        confidence: 0-1. See `scenedex.engines.keywords.terms`.
        appearances: times at which it is seen or said, in order, without overlaps.
    """

    keyword: str
    category: str
    confidence: float
    appearances: tuple[TimeRange, ...]


@dataclass(frozen=True, slots=True)
class TermsResult:
    """Keywords of an asset."""

    keywords: tuple[FoundKeyword, ...]


def keywords_of(inputs: Inputs) -> TermsResult:
    """Return the keywords of texts and speech, each by falling confidence, and of pictures.

    A keyword of a keyframe holds for its shot.
    """
    text, speech = inputs.find(TEXT_STAGE), inputs.find(SPEECH_STAGE)
    passages = [
        RecognisedText(one.text, one.confidence, one.span.range(), TextOrigin.SHOWN)
        for one in (() if text is None else text.regions)
        if _is_certain(one)
    ]
    for one in () if speech is None else speech.utterances:
        words = [TimedWord(word.text, word.span.range()) for word in one.words]
        passages.append(RecognisedText(one.text, one.confidence, one.span.range(), TextOrigin.SAID, words))
    of_texts = (
        FoundKeyword(term.text, _CATEGORIES[term.origin], term.confidence, term.appearances)
        for term in find_terms(passages)
    )
    return TermsResult((*of_texts, *_of_pictures(inputs)))


def _is_certain(region: TextRegion) -> bool:
    is_brief = 0 < region.span.range().duration < _BRIEF_SECONDS
    return region.confidence >= (_MIN_CONFIDENCE_BRIEF if is_brief else _MIN_CONFIDENCE)


def _of_pictures(inputs: Inputs) -> list[FoundKeyword]:
    pictures = inputs.find(PICTURES_STAGE)
    if pictures is None:
        return []
    shots = {one.shot.keyframe: one.shot.range for scene in inputs.of(SCENES_STAGE).scenes for one in scene.shots}
    return [
        FoundKeyword(one.keyword, one.category, one.confidence, (shots[one.time.timecode()],))
        for one in pictures.keywords
        if one.time.timecode() in shots
    ]


async def _run(inputs: Inputs, _options: None, _report: Callable[[float], Awaitable[None]]) -> TermsResult:
    return await asyncio.to_thread(keywords_of, inputs)


TERMS_STAGE: Final = Stage(
    name="terms",
    version="4",
    result=TermsResult,
    step=WorkerStep(function=_run),
    options=lambda _inputs: None,
    needs=(SCENES_STAGE,),
    uses=(TEXT_STAGE, SPEECH_STAGE, PICTURES_STAGE),
    produced_by=lambda _found: [(KEYWORDS.name, TEXT_TERMS)],
)
