"""Speech that several programmes of a film have in common, so that each line is transcribed once. Pure.

The unit is a region of speech, not a programme: of two microphones each is the better one for a while, and an audio
description has the speech of the film and its own.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.recording import RATE
from scenedex.analysis.stages.sound_prints import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.sound_prints import SoundPrint

Region = tuple[int, int]
"""First sample of a voice, and the one after its last."""

# Shorter passages look alike by chance.
_COMPARED_SAMPLES: Final = 4 * RATE
SAME: Final = 0.52
"""Likeness from which two passages of 4 s have the same speech. See docs/how-to/analyse-what.md for its measurement."""
# If two programmes are alike as a whole, single passages may be less so.
_SAME_ON_AVERAGE: Final = 0.6
_SAME_WITHIN_ALIKE: Final = 0.35
# The other programme must have found a voice in this share of a region.
_MIN_SHARED: Final = 0.5
# A voice so much fainter than others of its programme is that of another microphone.
_FAINT_DECIBELS: Final = 8.0


@dataclass(frozen=True, slots=True)
class HeardVoice:
    """Voice in a programme: its regions in order of time, and the levels of its sound."""

    regions: tuple[Region, ...]
    print: SoundPrint


def repeated_speech(voices: Sequence[HeardVoice]) -> list[dict[int, int]]:
    """Return for each programme its regions that are heard better in another one, by their position.

    The values are the positions of the other programmes.

    Args:
        voices: voices of the programmes, the preferred one first.
    """
    repeated: list[dict[int, int]] = [{} for _ in voices]
    loudest = [max((voice.print.level(*region) for region in voice.regions), default=0.0) for voice in voices]
    for number in range(len(voices)):
        for other in range(number):
            _compare(voices, (other, number), loudest, repeated)
    return repeated


def _compare(
    voices: Sequence[HeardVoice], pair: tuple[int, int], loudest: Sequence[float], repeated: list[dict[int, int]]
) -> None:
    """Note which regions of a pair of programmes have the same speech, at the one where it is fainter."""
    first, second = pair
    kept = [place for place in range(len(voices[first].regions)) if place not in repeated[first]]
    others = [voices[first].regions[place] for place in kept]
    shared = [
        place
        for place, region in enumerate(voices[second].regions)
        if place not in repeated[second] and _overlap(region, others) >= _MIN_SHARED
    ]
    for place in _alike(voices, pair, shared):
        region = voices[second].regions[place]
        fainter = _faintness(voices[first], region, loudest[first]) - _faintness(
            voices[second], region, loudest[second]
        )
        if fainter < _FAINT_DECIBELS:
            repeated[second][place] = first
            continue
        for position, other in zip(kept, others, strict=True):
            if _overlap(other, [region]) >= _MIN_SHARED:
                repeated[first][position] = second


def _alike(voices: Sequence[HeardVoice], pair: tuple[int, int], shared: Sequence[int]) -> list[int]:
    """Return those of some regions of the second programme that have the speech of the first."""
    if not shared:
        return []
    first, second = (voices[number] for number in pair)
    found = {place: likeness(first.print, second.print, *_passage(second.regions[place])) for place in shared}
    lengths = {place: second.regions[place][1] - second.regions[place][0] for place in shared}
    average = sum(found[place] * lengths[place] for place in shared) / sum(lengths.values())
    least = _SAME_WITHIN_ALIKE if average >= _SAME_ON_AVERAGE else SAME
    return [place for place in shared if found[place] >= least]


def _passage(region: Region) -> Region:
    start, end = region
    lacking = max(0, _COMPARED_SAMPLES - (end - start)) // 2
    return max(0, start - lacking), end + lacking


def _faintness(voice: HeardVoice, region: Region, loudest: float) -> float:
    """Return by how many decibels a region is quieter than the loudest speech of its programme."""
    return loudest - voice.print.level(*region)


def _overlap(region: Region, others: Sequence[Region]) -> float:
    """Return the share of a region that is in any of the others, which are in order of time and disjoint."""
    start, end = region
    shared = 0
    for first, last in others[bisect_right(others, start, key=lambda other: other[1]) :]:
        if first >= end:
            break
        shared += min(end, last) - max(start, first)
    return shared / max(1, end - start)
