"""What the stages of one analysis found, together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.terms import FoundKeyword, SaidText, SaidWord, ShownText, find_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.face_tracks import FaceTrack
    from scenedex.analysis.stages.pictures import PicturesResult
    from scenedex.analysis.stages.scenes import GroupedScene
    from scenedex.analysis.stages.sounds import SoundEvent
    from scenedex.analysis.stages.speakers import SpeakersResult
    from scenedex.analysis.stages.speech import SpeechResult
    from scenedex.analysis.stages.text import TextResult
    from scenedex.analysis.stages.visual import VisualResult
    from scenedex.index.records import Engine
    from scenedex.timeline import TimeRange


@dataclass(frozen=True, slots=True)
class Line:
    """What one speaker says without a longer pause; speakers count from 1."""

    speaker: int
    text: str
    language: str
    confidence: float
    range: TimeRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known of an asset, but for who is who.

    Attributes:
        visual: shots and keyframes.
        scenes: shots by place and time; they tile the asset.
        tracks: faces over time.
        text: what is written; None where it was not read.
        lines: what is said, in order of time.
        sounds: applause, laughter, music.
        keywords: of texts, lines and pictures.
        pictures: vectors of keyframes; None where there are none.
        engines: what produced each part, or why it is missing.
    """

    visual: VisualResult
    scenes: Sequence[GroupedScene]
    tracks: Sequence[FaceTrack]
    text: TextResult | None
    lines: Sequence[Line]
    sounds: Sequence[SoundEvent]
    keywords: Sequence[FoundKeyword]
    pictures: PicturesResult | None
    engines: tuple[Engine, ...]


def lines_of(speech: SpeechResult | None, speakers: SpeakersResult | None) -> tuple[Line, ...]:
    """Utterances with their speakers; without any to tell them apart, all are the first's."""
    if speech is None:
        return ()
    numbers = (1,) * len(speech.utterances) if speakers is None else speakers.speakers
    return tuple(
        Line(number, said.text, said.language, said.confidence, said.span.range())
        for number, said in zip(numbers, speech.utterances, strict=True)
    )


def keywords_of(
    text: TextResult | None,
    speech: SpeechResult | None,
    pictures: PicturesResult | None,
    scenes: Sequence[GroupedScene],
) -> tuple[FoundKeyword, ...]:
    """Keywords of what is written, said and shown; those of a keyframe hold for its shot."""
    shown = [ShownText(one.text, one.confidence, one.span) for one in (() if text is None else text.regions)]
    said = [
        SaidText(one.text, tuple(SaidWord(word.text, word.span) for word in one.words), one.confidence, one.span)
        for one in (() if speech is None else speech.utterances)
    ]
    return (*find_terms(shown, said), *(() if pictures is None else _of_pictures(pictures, scenes)))


def _of_pictures(pictures: PicturesResult, scenes: Sequence[GroupedScene]) -> list[FoundKeyword]:
    shots = {one.shot.keyframe: Span.of(one.shot.range) for scene in scenes for one in scene.shots}
    return [
        FoundKeyword(one.keyword, one.category, one.confidence, (shots[one.time.timecode()],))
        for one in pictures.keywords
        if one.time.timecode() in shots
    ]
