"""Stage: who speaks, as far as voices tell: the same number for utterances of the same voice.

Needs: the sound, as `recording` describes it, and the utterances in it. Makes: a `SpeakersResult`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, KnownResult, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, sample_at
from scenedex.analysis.stages.sound import SOUND_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.speakers import ONE_SPEAKER, SPEAKERS, group, nearest, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.speakers import SpeakerEmbedder
    from scenedex.media.opened import OpenedMedia

SHORTEST: Final = RATE
"""Samples of an utterance that tells its voice; a shorter one takes the speaker of its neighbour."""

LONGEST: Final = 6 * RATE
"""Samples, from its middle, by which an utterance is judged."""

MOST_GROUPED: Final = 4_000
"""Utterances that are compared with one another: the longest. Others take the speaker that they sound most like."""


class SpeakersOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The utterances in order of time, and what tells their voices apart; without it all are of one speaker.

    ``threads`` of 0 means as many as there are processors.
    """

    choice: EngineChoice
    utterances: tuple[Span, ...]
    threads: int = 0


class SpeakersResult(msgspec.Struct, frozen=True):
    """The speaker of each utterance, numbered from 1 in the order in which they first speak."""

    speakers: tuple[int, ...]


def run_speakers(opened: OpenedMedia, params: bytes) -> SpeakersResult:
    """Tells the speakers of all utterances; called in the child process.

    Raises:
        EngineUnavailable: the chosen engine cannot be loaded.
    """
    options = msgspec.json.decode(params, type=SpeakersOptions)
    embedder = open_engine(SPEAKERS, options.choice, threads=options.threads)
    return tell_apart(Recording(opened.file), options.utterances, embedder, opened.report)


def tell_apart(
    recording: Recording,
    utterances: Sequence[Span],
    embedder: SpeakerEmbedder,
    report: Callable[[float, int], None],
    *,
    most_grouped: int = MOST_GROUPED,
) -> SpeakersResult:
    """The speakers of utterances in order of time; told how far it has come after each voice.

    Memory: one vector for each of at most ``most_grouped`` utterances, and the sound of one.
    """
    stretches = [_stretch(span, recording.samples) for span in utterances]
    lengths = np.array([stop - start for start, stop in stretches], np.int64)
    telling = np.flatnonzero(lengths >= max(SHORTEST, embedder.shortest))
    if not len(telling):
        return SpeakersResult((1,) * len(utterances))
    done = 0

    def voice(utterance: int) -> NDArray[np.float32]:
        nonlocal done
        heard = embedder.embed(recording.read(*_middle(*stretches[utterance])))
        done += 1
        report(done / len(telling), done)
        return heard

    by_length = telling[np.argsort(-lengths[telling], kind="stable")]
    grouped, others = np.sort(by_length[:most_grouped]), np.sort(by_length[most_grouped:])
    voices = np.empty((len(grouped), embedder.dimension), np.float32)
    for row, utterance in enumerate(grouped.tolist()):
        voices[row] = voice(utterance)
    speakers = np.array(group(voices, embedder.same_speaker), np.int64)
    known = np.stack([voices[speakers == speaker].mean(axis=0) for speaker in range(1, int(speakers.max()) + 1)])
    told = dict(zip(grouped.tolist(), speakers.tolist(), strict=True))
    for utterance in others.tolist():
        told[utterance] = nearest(voice(utterance), known) + 1
    return SpeakersResult(numbered(_with_neighbours(told, stretches)))


def _stretch(span: Span, samples: int) -> tuple[int, int]:
    """The samples of an utterance that exist."""
    start, stop = sample_at(span.start.timecode()), sample_at(span.end.timecode())
    return min(start, samples), min(stop, samples)


def _middle(start: int, stop: int) -> tuple[int, int]:
    """The part of an utterance by which it is judged."""
    spare = max(0, stop - start - LONGEST) // 2
    return start + spare, min(stop, start + spare + LONGEST)


def _with_neighbours(told: dict[int, int], stretches: Sequence[tuple[int, int]]) -> list[int]:
    """The speaker of every utterance: one that tells none takes that of the told one nearest to it in time."""
    anchors = sorted(told)
    speakers: list[int] = []
    following = 0
    for utterance, (start, stop) in enumerate(stretches):
        while following < len(anchors) and anchors[following] < utterance:
            following += 1
        # The told utterances on either side; the earlier one where both are as near.
        sides = anchors[max(0, following - 1) : following + 1]
        speakers.append(told[min(sides, key=lambda side: max(start - stretches[side][1], stretches[side][0] - stop))])
    return speakers


def _options(inputs: Inputs) -> SpeakersOptions | KnownResult[SpeakersResult]:
    choice, utterances = inputs.choice(SPEAKERS), inputs.of(SPEECH_STAGE).utterances
    if not utterances or choice.engine == ONE_SPEAKER:
        return KnownResult(SpeakersResult((1,) * len(utterances)))
    spans = tuple(one.span for one in utterances)
    return SpeakersOptions(choice=choice, utterances=spans, threads=inputs.scope.threads)


SPEAKERS_STAGE: Final = Stage(
    name="speakers",
    version="1",
    result=SpeakersResult,
    step=ChildStep(function=run_speakers, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE, SPEECH_STAGE),
    ports=(SPEAKERS,),
    share=2,
    is_listening=True,
)
