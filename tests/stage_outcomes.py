"""Invented outcomes of stages."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenedex.analysis.stage import AnalysisScope, Inputs, Made
from scenedex.analysis.stages.faces import FACES_STAGE, FacesResult
from scenedex.analysis.stages.moments import Moment, Span
from scenedex.analysis.stages.scenes import SCENES_STAGE, GroupedScene, PicturedShot, ScenesResult
from scenedex.analysis.stages.sounds import SOUNDS_STAGE, SoundsResult
from scenedex.analysis.stages.speakers import SPEAKERS_STAGE, SpeakersResult
from scenedex.analysis.stages.speech import SPEECH_STAGE, SpeechResult, Utterance
from scenedex.analysis.stages.terms import TERMS_STAGE, TermsResult
from scenedex.analysis.stages.text import TEXT_STAGE, TextResult
from scenedex.analysis.stages.visual import VISUAL_STAGE, VisualResult
from scenedex.engines import scenes
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.selection import Selection, select_engines
from scenedex.index.records import AnalysisSetting
from scenedex.settings import EngineSettings
from scenedex.timeline import Shot, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stage import Stage
    from scenedex.analysis.stages.face_tracks import FaceTrack
    from scenedex.analysis.stages.sounds import SoundEvent
    from scenedex.analysis.stages.terms import FoundKeyword
    from scenedex.analysis.stages.text import TextRegion


def at(seconds: float) -> Timecode:
    return Timecode(Fraction(seconds))


def between(start: float, end: float) -> TimeRange:
    return TimeRange(at(start), at(end))


def span(start: float, end: float) -> Span:
    return Span.of(between(start, end))


def scene(*edges: float) -> GroupedScene:
    """A scene of shots between these times in seconds, each with a keyframe of its own."""
    shots = [Shot(between(a, b), at(a)) for a, b in pairwise(edges)]
    return GroupedScene(tuple(PicturedShot(shot, f"{shot.keyframe.ms}.jpg") for shot in shots), 0)


def utterance(text: str, start: float, end: float, *, language: str = "en", confidence: float = 0.9) -> Utterance:
    return Utterance(span(start, end), text, confidence, language, ())


def selected(settings: EngineSettings | None = None, language: str = "ENKO") -> Selection:
    """The engines of a machine without downloaded weights."""
    return select_engines(settings or EngineSettings(), Path("none"), language, registry=EngineRegistry())


def scope(engines: Selection, *, is_picture: bool = False, **asked: object) -> AnalysisScope:
    setting = AnalysisSetting(**{"analysis_person_count": 3, "source_language": "ENKO", **asked})  # type: ignore[arg-type]  # named fields
    return AnalysisScope(setting, engines, is_picture=is_picture)


def outcomes(
    of: AnalysisScope,
    grouped: Sequence[GroupedScene],
    *,
    visual: Made[VisualResult] | None = None,
    tracks: Sequence[FaceTrack] = (),
    texts: Sequence[TextRegion] = (),
    said: Sequence[tuple[int, Utterance]] = (),
    sounds: Sequence[SoundEvent] = (),
    keywords: Sequence[FoundKeyword] = (),
) -> Inputs:
    """Return the outcomes of an analysis that ran every stage with results given here."""
    end = Moment.of(grouped[-1].shots[-1].shot.range.end)
    shots = VisualResult(is_picture=False, duration=end, shots=(), engines=(), damaged_packets=0)
    made: dict[Stage[Any], Made[Any]] = {
        VISUAL_STAGE: visual or Made(shots, "a", 1, "folder"),
        SCENES_STAGE: Made(ScenesResult(tuple(grouped), scenes.LINKED_LOOKS)),
        TERMS_STAGE: Made(TermsResult(tuple(keywords))),
    }
    if tracks:
        made[FACES_STAGE] = Made(FacesResult(tuple(tracks), 1, 0.5))
    if texts:
        made[TEXT_STAGE] = Made(TextResult(tuple(texts), 0, 1))
    if said:
        made[SPEECH_STAGE] = Made(SpeechResult(tuple(one for _, one in said)))
        made[SPEAKERS_STAGE] = Made(SpeakersResult(tuple(speaker for speaker, _ in said)))
    if sounds:
        made[SOUNDS_STAGE] = Made(SoundsResult(tuple(sounds)))
    return Inputs(of, made)
