"""Regions with speech, and transcription, in times of the asset."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest

from films_with_sound import tone
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording
from scenedex.analysis.stages.speech import SpeechResult, left_out, transcribe
from scenedex.analysis.stages.voice import find_voice_regions
from scenedex.engines.speech import POCKETSPHINX_LANGUAGES, LanguageNotKnown
from scenedex.engines.speech.bursts import BurstRecogniser
from scenedex.engines.voice.loudness import LoudnessVoiceDetector
from scenedex.timeline import Timecode, TimeRange


def recording(*parts: np.ndarray) -> Recording:
    return Recording(io.BytesIO(np.concatenate([np.zeros(0, "<i2"), *parts]).astype("<i2").tobytes()))


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.int16)


def span(start: Fraction, end: Fraction) -> Span:
    return Span.of(TimeRange(Timecode(start), Timecode(end)))


def bounds(found: Span) -> tuple[float, float]:
    return float(found.start.timecode().seconds), float(found.end.timecode().seconds)


def test_regions_with_speech_are_in_times_of_the_asset() -> None:
    reports: list[tuple[float, int]] = []
    sound = recording(silence(40), tone(2), silence(30))

    result = find_voice_regions(sound, LoudnessVoiceDetector(), lambda fraction, done: reports.append((fraction, done)))

    assert [bounds(region) for region in result.regions] == [pytest.approx((39.8, 42.2))]
    assert [done for _, done in reports] == [30 * RATE, 60 * RATE, 72 * RATE]
    assert reports[-1][0] == 1


def test_a_film_without_sound_has_no_regions_and_no_speech() -> None:
    nothing = recording()

    assert find_voice_regions(nothing, LoudnessVoiceDetector(), lambda _fraction, _done: None).regions == ()
    assert transcribe(nothing, (), BurstRecogniser(), "EN", lambda _fraction, _done: None).utterances == ()


def test_words_are_placed_in_the_asset_exactly() -> None:
    sound = recording(silence(100), tone(1, 500), silence(0.2), tone(1, 300), silence(3), tone(1, 2_000))
    regions = (span(Fraction(100), Fraction(1_022, 10)), span(Fraction(1_052, 10), Fraction(1_062, 10)))
    reports: list[tuple[float, int]] = []

    result = transcribe(
        sound, regions, BurstRecogniser(), "ENKO", lambda fraction, done: reports.append((fraction, done))
    )

    first, second = result.utterances
    assert (first.text, first.language, second.text, second.language) == ("500 300", "en", "2000", "ko")
    assert [word.span.range().start.seconds for word in first.words] == [100, Fraction(1_012, 10)]
    assert first.span == span(Fraction(100), Fraction(1_022, 10))
    assert second.span == span(Fraction(1_052, 10), Fraction(1_062, 10))
    assert [fraction for fraction, _ in reports] == [1.0]


def test_regions_beyond_the_end_of_the_sound_have_no_words() -> None:
    regions = (span(Fraction(1), Fraction(5)), span(Fraction(9), Fraction(10)))

    result = transcribe(recording(tone(2)), regions, BurstRecogniser(), "EN", lambda _fraction, _done: None)

    assert [bounds(line.span) for line in result.utterances] == [(1, 2)]


def test_a_language_that_the_engine_does_not_know_is_refused() -> None:
    with pytest.raises(LanguageNotKnown):
        transcribe(
            recording(tone(2)),
            (span(Fraction(0), Fraction(1)),),
            BurstRecogniser(POCKETSPHINX_LANGUAGES),
            "KO",
            lambda _fraction, _done: None,
        )


@pytest.mark.parametrize(
    ("result", "note"),
    [
        (SpeechResult(()), None),
        (SpeechResult((), 1), "1 utterance was not understood and left out"),
        (
            SpeechResult((), 4, ("ko", "de", "ko")),
            "4 utterances were not understood and left out: 2 in Korean, 1 in German, 1 unclear",
        ),
        (SpeechResult((), 1, ("ja",)), "1 utterance was not understood and left out: 1 in Japanese"),
    ],
)
def test_what_was_left_out_is_counted_with_the_languages_that_were_heard(
    result: SpeechResult, note: str | None
) -> None:
    assert left_out(result) == note
