"""Assignment of speakers to utterances."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from networks_sounds import silence, tone
from scenedex.analysis.stage import Inputs, KnownResult, Made
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import Recording
from scenedex.analysis.stages.speakers import MAX_SAMPLES, SPEAKERS_STAGE, SpeakersResult, assign_speakers
from scenedex.analysis.stages.speech import SPEECH_STAGE, SpeechResult
from scenedex.engines.speakers.spectral import SpectralSpeakerEmbedder
from scenedex.settings import EngineSettings
from scenedex.timeline import Timecode, TimeRange
from stage_outcomes import scope, selected, utterance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ANNA, BO, CHO = 300, 1_200, 3_600


def span(start: float, end: float) -> Span:
    return Span.of(TimeRange(Timecode(Fraction(str(start))), Timecode(Fraction(str(end)))))


def conversation(*lines: tuple[int, float]) -> tuple[Recording, list[Span]]:
    """Return lines of a tone and its length in seconds, half a second apart."""
    pieces: list[NDArray[np.int16]] = []
    spans: list[Span] = []
    now = 0.0
    for hertz, seconds in lines:
        pieces += [tone(hertz, seconds), silence(0.5)]
        spans.append(span(now, now + seconds))
        now += seconds + 0.5
    return Recording(io.BytesIO(np.concatenate(pieces).tobytes())), spans


def said(recording: Recording, spans: Sequence[Span]) -> list[tuple[Recording, Span]]:
    return [(recording, one) for one in spans]


def speakers_of(*lines: tuple[int, float], max_grouped: int = 4_000) -> tuple[int, ...]:
    recording, spans = conversation(*lines)
    return assign_speakers(
        said(recording, spans), SpectralSpeakerEmbedder(), lambda _f, _d: None, max_grouped=max_grouped
    ).speakers


def test_voices_are_numbered_as_they_first_speak() -> None:
    assert speakers_of((CHO, 2), (ANNA, 2), (CHO, 1.5), (BO, 3), (ANNA, 2)) == (1, 2, 1, 3, 2)


def test_one_voice_is_one_speaker() -> None:
    assert speakers_of(*[(ANNA, 1.5)] * 6) == (1,) * 6


def test_an_utterance_too_short_to_compare_takes_its_neighbours_speaker() -> None:
    recording, _ = conversation((ANNA, 3), (BO, 3))
    near_anna, near_bo = span(3.0, 3.1), span(3.4, 3.5)

    found = assign_speakers(
        said(recording, [span(0, 3), near_anna, near_bo, span(3.5, 6.5)]),
        SpectralSpeakerEmbedder(),
        lambda _f, _d: None,
    )

    assert found.speakers == (1, 1, 2, 2)


def test_short_utterances_at_the_ends_take_the_speaker_beside_them() -> None:
    assert speakers_of((BO, 0.3), (BO, 0.2), (ANNA, 2), (CHO, 2), (BO, 0.3)) == (1, 1, 1, 2, 2)


def test_short_utterances_alone_are_of_one_speaker() -> None:
    assert speakers_of((BO, 0.3), (ANNA, 0.3), (CHO, 0.4)) == (1, 1, 1)


def test_utterances_beyond_the_sound_take_the_last_speaker() -> None:
    recording, spans = conversation((ANNA, 2), (BO, 2))

    found = assign_speakers(said(recording, [*spans, span(90, 95)]), SpectralSpeakerEmbedder(), lambda _f, _d: None)

    assert found.speakers == (1, 2, 2)


def test_utterances_beyond_the_maximum_join_the_most_similar_speaker() -> None:
    lines = [(ANNA, 2.0), (BO, 2.5), (ANNA, 1.2), (BO, 1.1), (CHO, 3.0), (CHO, 1.3), (ANNA, 1.1)]

    assert speakers_of(*lines, max_grouped=3) == speakers_of(*lines) == (1, 2, 1, 2, 3, 3, 1)


def test_a_long_utterance_is_compared_by_its_middle() -> None:
    recording, spans = conversation((ANNA, 60))
    heard: list[int] = []

    class RecordingEmbedder(SpectralSpeakerEmbedder):
        def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
            heard.append(len(samples))
            return super().embed(samples)

    assign_speakers(said(recording, spans), RecordingEmbedder(), lambda _f, _d: None)

    assert heard == [MAX_SAMPLES]


def test_progress_counts_the_voices() -> None:
    recording, spans = conversation((ANNA, 2), (BO, 0.2), (BO, 2))
    progress: list[tuple[float, int]] = []

    assign_speakers(
        said(recording, spans), SpectralSpeakerEmbedder(), lambda fraction, done: progress.append((fraction, done))
    )

    assert progress == [(0.5, 1), (1, 2)]


def test_no_utterances_have_no_speakers() -> None:
    assert assign_speakers([], SpectralSpeakerEmbedder(), lambda _f, _d: None).speakers == ()


def test_with_the_engine_of_one_speaker_no_process_is_started() -> None:
    engines = selected(EngineSettings(speakers="one-speaker"), "ENKO")
    said = SpeechResult((utterance("yes", 0, 1), utterance("no", 2, 3)))

    assert SPEAKERS_STAGE.options(Inputs(scope(engines), {SPEECH_STAGE: Made(said)})) == KnownResult(
        SpeakersResult((1, 1))
    )
