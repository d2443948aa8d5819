"""Windows of voices in which speech is recognised."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.speech_windows import LONGEST_PAUSE, SpeechWindow, speech_windows
from scenedex.engines.voice import LONGEST_REGION, RATE


def seconds(*spans: tuple[float, float]) -> list[tuple[int, int]]:
    return [(round(start * RATE), round(end * RATE)) for start, end in spans]


def test_voices_with_short_pauses_are_heard_together_with_the_sound_around_them() -> None:
    voices = seconds((3, 5), (6, 8), (9.5, 12))

    assert speech_windows(voices, 14 * RATE) == [SpeechWindow(0, 14 * RATE, tuple(voices))]
    assert speech_windows(voices, 60 * RATE) == [SpeechWindow(0, 12 * RATE + 21 * RATE // 2, tuple(voices))]


def test_a_window_ends_at_the_longest_pause_of_its_second_half() -> None:
    voices = seconds((0, 3), (6, 9), (9.5, 13), (15, 18), (18.5, 19.5), (19.7, 24))

    assert [window.voices[-1][1] for window in speech_windows(voices, 40 * RATE)] == [13 * RATE, 24 * RATE]


def test_a_long_pause_is_in_no_window() -> None:
    pause = LONGEST_PAUSE / RATE + 1

    assert len(speech_windows(seconds((0, 2), (2 + pause, 4 + pause)), 60 * RATE)) == 2


def test_no_voices_are_no_windows() -> None:
    assert speech_windows([], 60 * RATE) == []


@given(
    st.lists(st.tuples(st.integers(0, 12 * RATE), st.integers(1, LONGEST_REGION)), max_size=40), st.integers(0, RATE)
)
def test_windows_hold_all_voices_and_are_not_too_long(parts: list[tuple[int, int]], rest: int) -> None:
    voices: list[tuple[int, int]] = []
    at = 0
    for pause, length in parts:
        voices.append((at + pause, at + pause + length))
        at += pause + length

    windows = speech_windows(voices, at + rest)

    assert [voice for window in windows for voice in window.voices] == voices
    assert all(0 <= window.start <= window.voices[0][0] for window in windows)
    assert all(window.voices[-1][1] <= window.end <= at + rest for window in windows)
    assert all(window.end - window.start <= LONGEST_REGION for window in windows)
    assert all(former.end <= latter.start for former, latter in pairwise(windows))
