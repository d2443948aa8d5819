"""Detection of sounds."""

from __future__ import annotations

import io
import tracemalloc
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks_sounds import noise, silence, tone
from scenedex.analysis.stages.recording import RATE, Recording
from scenedex.analysis.stages.sounds import THRESHOLDS, CellRun, RunFinder, SoundsResult, Threshold, detect_sounds
from scenedex.engines.sounds import SoundKind
from scenedex.engines.sounds.tones import TONES, ToneTagger

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

THRESHOLD = Threshold(begin=0.5, hold=0.3, min_cells=2, max_gap=1)


def detect(*pieces: NDArray[np.int16]) -> SoundsResult:
    pcm = np.concatenate(pieces).astype("<i2").tobytes() if pieces else b""
    return detect_sounds(Recording(io.BytesIO(pcm)), ToneTagger(), list(SoundKind), lambda _fraction, _done: None)


def spans(result: SoundsResult) -> list[tuple[str, float, float]]:
    return [
        (event.kind, float(event.span.range().start.seconds), float(event.span.range().end.seconds))
        for event in result.events
    ]


def runs(confidences: list[float], threshold: Threshold = THRESHOLD) -> list[CellRun]:
    finder = RunFinder(threshold)
    for cell, confidence in enumerate(confidences):
        finder.feed(cell, confidence)
    return finder.finish()


@pytest.mark.parametrize("kind", list(SoundKind))
def test_a_sound_between_silences_is_one_event(kind: SoundKind) -> None:
    found = detect(silence(10), tone(TONES[kind], 8), silence(10))

    ((name, start, end),) = spans(found)
    assert name == kind.value
    assert abs(start - 10) <= 1
    assert abs(end - 18) <= 1
    assert found.events[0].confidence > 0.5


def test_events_come_in_order_and_those_of_different_kinds_may_overlap() -> None:
    music, laughter = TONES[SoundKind.BACKGROUND_MUSIC], TONES[SoundKind.LAUGHTER]
    both = (tone(music, 6) + tone(laughter, 6, amplitude=9_000)).astype(np.int16)

    found = spans(detect(tone(music, 6), both, silence(5), tone(laughter, 5)))

    assert [name for name, _, _ in found] == ["BACKGROUND_MUSIC", "LAUGHTER", "LAUGHTER"]
    assert found[1][1] < found[0][2]


@pytest.mark.parametrize(
    "sound", [silence(30), noise(30), noise(30, amplitude=5), tone(440, 30, amplitude=20)], ids=str
)
def test_silence_and_noise_have_no_events(sound: NDArray[np.int16]) -> None:
    assert detect(sound).events == ()


def test_no_sound_has_no_events() -> None:
    assert detect().events == ()


def test_an_event_ends_with_the_sound() -> None:
    sound = tone(440, 7.3)

    assert detect(sound).events[0].span.range().end.seconds == Fraction(len(sound), RATE)


def test_progress_grows_to_the_whole() -> None:
    reported: list[tuple[float, int]] = []

    detect_sounds(
        Recording(io.BytesIO(silence(3.5).tobytes())),
        ToneTagger(),
        list(SoundKind),
        lambda fraction, done: reported.append((fraction, done)),
    )

    assert reported == [(0.25, 1), (0.5, 2), (0.75, 3), (1, 4)]


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    path = tmp_path / "sound.pcm"
    with path.open("wb") as file:
        file.truncate(2 * RATE * 60 * 60 * 2)
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            found = detect_sounds(Recording(file), ToneTagger(), list(SoundKind), lambda _fraction, _done: None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert found.events == ()
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [
        ([], []),
        ([0.2, 0.2, 0.2], []),
        ([0, 0.9, 0], []),
        ([0, 0.9, 0.9, 0], [(1, 3)]),
        ([0.4, 0.4, 0.4], []),
        ([0.4, 0.6, 0.4], [(0, 3)]),
        ([0.6, 0.6, 0, 0.6, 0.6], [(0, 5)]),
        ([0.6, 0.6, 0, 0, 0.6, 0.6], [(0, 2), (4, 6)]),
        ([0, 0, 0.5, 0.3], [(2, 4)]),
    ],
    ids=str,
)
def test_runs_start_above_one_threshold_continue_above_another_and_bridge_short_gaps(
    confidences: list[float], expected: list[tuple[int, int]]
) -> None:
    assert [(run.start, run.end) for run in runs(confidences)] == expected


def test_the_confidence_of_a_run_is_the_mean_of_its_cells_above_the_threshold() -> None:
    assert runs([0.6, 0, 0.8, 0.4])[0].confidence == pytest.approx(0.6)


@given(st.lists(st.floats(0, 1), max_size=60), st.sampled_from(list(THRESHOLDS.values())))
def test_runs_are_separate_long_and_confident_enough(confidences: list[float], threshold: Threshold) -> None:
    found = runs(confidences, threshold)

    for run in found:
        assert 0 <= run.start <= run.end - threshold.min_cells
        assert run.end <= len(confidences)
        assert max(confidences[run.start : run.end]) >= threshold.begin
        assert threshold.hold <= run.confidence <= 1 + 1e-9
        assert min(confidences[run.start], confidences[run.end - 1]) >= threshold.hold
    for before, after in pairwise(found):
        assert after.start - before.end > threshold.max_gap
