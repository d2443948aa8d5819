"""Lines of dialogue: utterances with their speakers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.analysis.stages.speakers import SPEAKERS_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE

if TYPE_CHECKING:
    from scenedex.analysis.stage import Inputs
    from scenedex.timeline import TimeRange


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one speaker without a longer pause. Speakers count from 1."""

    speaker: int
    text: str
    language: str
    confidence: float
    range: TimeRange


def lines_of(inputs: Inputs) -> tuple[Line, ...]:
    """Return the lines of an asset in order of time. All have speaker 1 if the speakers stage did not run."""
    speech, speakers = inputs.find(SPEECH_STAGE), inputs.find(SPEAKERS_STAGE)
    if speech is None:
        return ()
    numbers = (1,) * len(speech.utterances) if speakers is None else speakers.speakers
    return tuple(
        Line(number, said.text, said.language, said.confidence, said.span.range())
        for number, said in zip(numbers, speech.utterances, strict=True)
    )
