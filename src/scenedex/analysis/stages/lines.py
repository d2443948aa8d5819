"""Lines of dialogue: utterances with their speakers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis.stages.speakers import SPEAKERS_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE

if TYPE_CHECKING:
    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.speech import Utterance


def lines_of(inputs: Inputs) -> list[tuple[int, Utterance]]:
    """Return the utterances of an asset in order of time, each with its speaker, from 1.

    All have speaker 1 if the speakers stage did not run.
    """
    speech, speakers = inputs.find(SPEECH_STAGE), inputs.find(SPEAKERS_STAGE)
    if speech is None:
        return []
    numbers = (1,) * len(speech.utterances) if speakers is None else speakers.speakers
    return list(zip(numbers, speech.utterances, strict=True))
