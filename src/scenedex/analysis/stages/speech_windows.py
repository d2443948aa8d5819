"""Windows in which speech is recognised: neighbouring voices with the sound between them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.engines.voice.port import LONGEST_REGION, RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_PAUSE: Final = 6 * RATE
"""Maximum number of samples without a voice within a window."""

LONGEST_WINDOW: Final = 20 * RATE
"""Maximum number of samples from the first voice of a window to the end of its last one, if it has several.

Time of recognition grows with the square of the length of a window, and words do not get better.
"""


@dataclass(frozen=True, slots=True)
class SpeechWindow:
    """Part of a sound, of at most `LONGEST_REGION`.

    Attributes:
        start: its first sample.
        end: the sample after its last one.
        voices: ranges of samples with a voice, in order of time, within it.
    """

    start: int
    end: int
    voices: tuple[tuple[int, int], ...]


def speech_windows(voices: Sequence[tuple[int, int]], samples: int) -> list[SpeechWindow]:
    """Group voices into windows that are up to `LONGEST_WINDOW` long and are divided at the longest pauses.

    A recogniser needs what is said before and after a sentence, and the sound around it as it was recorded. Windows do
    not overlap and contain all voices.

    Args:
        voices: ranges of samples in order of time, disjoint, each of at most `LONGEST_REGION`.
        samples: number of samples of the sound.
    """
    windows: list[SpeechWindow] = []
    first = 0
    while first < len(voices):
        last = _last_of_window(voices, first)
        earliest = (voices[first - 1][1] + voices[first][0]) // 2 if first else 0
        latest = (voices[last][1] + voices[last + 1][0]) // 2 if last + 1 < len(voices) else samples
        start, end = voices[first][0], voices[last][1]
        # What is said in a narrow band is often in no voice, so that a window is as long as it may be.
        margin = (LONGEST_REGION - (end - start)) // 2
        members = tuple(voices[first : last + 1])
        windows.append(SpeechWindow(max(start - margin, earliest), min(end + margin, latest), members))
        first = last + 1
    return windows


def _last_of_window(voices: Sequence[tuple[int, int]], first: int) -> int:
    """Return the last voice of the window that begins with ``first``."""
    start = voices[first][0]
    fitting = first
    while fitting + 1 < len(voices) and voices[fitting + 1][1] - start <= LONGEST_WINDOW:
        if voices[fitting + 1][0] - voices[fitting][1] > LONGEST_PAUSE:
            return fitting
        fitting += 1
    if fitting + 1 == len(voices):
        return fitting
    # A window of less than half the length is not worth its pause.
    long_enough = [last for last in range(first, fitting + 1) if voices[last][1] - start >= LONGEST_WINDOW // 2]
    return max(long_enough or [fitting], key=lambda last: (voices[last + 1][0] - voices[last][1], last))
