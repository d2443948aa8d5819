"""Stage: speaker of each utterance, by voice."""

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
from scenedex.engines.speakers import ONE_SPEAKER, SPEAKERS
from scenedex.engines.speakers.clustering import group, nearest, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.speakers import SpeakerEmbedder
    from scenedex.media.opened import OpenedMedia

MIN_SAMPLES: Final = RATE
"""Minimum length of an utterance to compare, in samples. A shorter one gets the speaker of its neighbour."""

MAX_SAMPLES: Final = 6 * RATE
"""Maximum number of samples that are compared, from the middle of an utterance."""

MAX_GROUPED: Final = 4_000
"""Maximum number of utterances to group, the longest first. Others get the most similar speaker."""


class SpeakersOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Utterances in order of time, and the engine that compares their voices.

    ``programmes`` has the number of the programme of each utterance, if not all are in the first. ``threads`` of 0
    means one per core.
    """

    choice: EngineChoice
    utterances: tuple[Span, ...]
    programmes: tuple[int, ...] = ()
    threads: int = 0


class SpeakersResult(msgspec.Struct, frozen=True):
    """Speaker of each utterance, numbered from 1 in the order in which they first speak."""

    speakers: tuple[int, ...]


def run_speakers(opened: OpenedMedia, params: bytes) -> SpeakersResult:
    """Assign speakers to all utterances. Runs in the child process."""
    options = msgspec.json.decode(params, type=SpeakersOptions)
    embedder = open_engine(SPEAKERS, options.choice, threads=options.threads)
    programmes = options.programmes or (0,) * len(options.utterances)
    recordings = {number: Recording(opened.file, number) for number in sorted(set(programmes))}
    said = [(recordings[number], span) for number, span in zip(programmes, options.utterances, strict=True)]
    return assign_speakers(said, embedder, opened.report)


def assign_speakers(
    utterances: Sequence[tuple[Recording, Span]],
    embedder: SpeakerEmbedder,
    report: Callable[[float, int], None],
    *,
    max_grouped: int = MAX_GROUPED,
) -> SpeakersResult:
    """Return the speakers of utterances in order of time.

    Memory: one vector for each of at most ``max_grouped`` utterances, and the sound of one.

    Args:
        utterances: sound and span of each, in order of time.
        embedder: embedder of voices.
        report: called after each embedded utterance with the share and the number done.
        max_grouped: maximum number of utterances to group.
    """
    ranges = [_existing_samples(span, recording.samples) for recording, span in utterances]
    lengths = np.array([stop - start for start, stop in ranges], np.int64)
    embeddable = np.flatnonzero(lengths >= max(MIN_SAMPLES, embedder.shortest))
    if not len(embeddable):
        return SpeakersResult((1,) * len(utterances))
    done = 0

    def embed(utterance: int) -> NDArray[np.float32]:
        nonlocal done
        recording, _span = utterances[utterance]
        vector = embedder.embed(recording.read(*_middle(*ranges[utterance])))
        done += 1
        report(done / len(embeddable), done)
        return vector

    by_length = embeddable[np.argsort(-lengths[embeddable], kind="stable")]
    grouped, others = np.sort(by_length[:max_grouped]), np.sort(by_length[max_grouped:])
    vectors = np.empty((len(grouped), embedder.dimension), np.float32)
    for row, utterance in enumerate(grouped.tolist()):
        vectors[row] = embed(utterance)
    speakers = np.array(group(vectors, embedder.same_speaker), np.int64)
    centroids = np.stack([vectors[speakers == speaker].mean(axis=0) for speaker in range(1, int(speakers.max()) + 1)])
    speaker_of = dict(zip(grouped.tolist(), speakers.tolist(), strict=True))
    for utterance in others.tolist():
        speaker_of[utterance] = nearest(embed(utterance), centroids) + 1
    return SpeakersResult(numbered(_fill_gaps(speaker_of, ranges)))


def _existing_samples(span: Span, samples: int) -> tuple[int, int]:
    """Return the range of samples of an utterance, cut at the end of the sound."""
    start, stop = sample_at(span.start.timecode()), sample_at(span.end.timecode())
    return min(start, samples), min(stop, samples)


def _middle(start: int, stop: int) -> tuple[int, int]:
    """Return the part of an utterance that is compared."""
    spare = max(0, stop - start - MAX_SAMPLES) // 2
    return start + spare, min(stop, start + spare + MAX_SAMPLES)


def _fill_gaps(speaker_of: dict[int, int], ranges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the speaker of every utterance. One without takes that of the nearest utterance in time that has one."""
    assigned = sorted(speaker_of)
    speakers: list[int] = []
    next_assigned = 0
    for utterance, (start, stop) in enumerate(ranges):
        while next_assigned < len(assigned) and assigned[next_assigned] < utterance:
            next_assigned += 1
        # The assigned utterances on either side. The earlier one wins a tie.
        sides = assigned[max(0, next_assigned - 1) : next_assigned + 1]
        speakers.append(speaker_of[min(sides, key=lambda side: max(start - ranges[side][1], ranges[side][0] - stop))])
    return speakers


def _options(inputs: Inputs) -> SpeakersOptions | KnownResult[SpeakersResult]:
    choice, utterances = inputs.choice(SPEAKERS), inputs.of(SPEECH_STAGE).utterances
    if not utterances or choice.engine == ONE_SPEAKER:
        return KnownResult(SpeakersResult((1,) * len(utterances)))
    programmes = tuple(one.programme for one in utterances)
    return SpeakersOptions(
        choice=choice,
        utterances=tuple(one.span for one in utterances),
        programmes=programmes if any(programmes) else (),
        threads=inputs.scope.threads,
    )


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
