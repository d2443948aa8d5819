"""Starts of scenes: the best division of the asset by dynamic programming."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.scenes.hearing import SILENCE
from scenedex.engines.scenes.looks import breaks
from scenedex.timeline import Scene, Shot, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.scenes.hearing import HeardSounds
    from scenedex.engines.scenes.length import SceneLength
    from scenedex.engines.scenes.looks import SeenShot, ShotStill

INSIDE_SHOT = -6.0
"""Gain of a scene that begins within a shot. A boundary between shots has -1 to 1.7."""

LENGTH_WEIGHT = 0.02
"""Cost of a scene of twice or half the typical length. It decides only where the pictures do not."""

GRID_STEPS = 4


@dataclass(frozen=True, slots=True)
class SceneGroup:
    """Scene, and for each of its shots the position among the given shots that it is (a part of)."""

    scene: Scene
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Point:
    time: Timecode
    gain: float


def group(shots: Sequence[SeenShot], length: SceneLength, sounds: HeardSounds = SILENCE) -> list[SceneGroup]:
    """Group shots that tile an asset from 0 to its end into scenes that tile it too.

    Scenes begin at shot boundaries where pictures and sounds show a change of place. A shot is divided only if the
    bounds of ``length`` require it: a shot longer than the upper bound at even points, and short shots around it. The
    parts are shots of their scenes, with the clearest still in each. An asset that cannot be divided within both bounds
    is divided into the minimum number of even parts.

    Raises:
        ValueError: no shots, or shots that do not start at 0 or do not follow one another without a gap.
    """
    _check(shots)
    end = shots[-1].range.end
    if length.can_divide(end.seconds):
        starts = _best_starts(_points(shots, length, sounds), end, length)
    else:
        whole = TimeRange(shots[0].range.start, end)
        starts = [whole.start, *sorted(_even(whole, length.parts_of(end.seconds)))]
    return _scenes(shots, [*starts, end])


def _check(shots: Sequence[SeenShot]) -> None:
    if not shots or shots[0].range.start.seconds != 0:
        raise ValueError("shots to be grouped must begin at 0")
    if any(a.range.end != b.range.start for a, b in pairwise(shots)):
        raise ValueError("shots to be grouped must follow one another without a gap")
    if any(not shot.stills for shot in shots):
        raise ValueError("every shot needs a still")


def _points(shots: Sequence[SeenShot], length: SceneLength, sounds: HeardSounds) -> list[_Point]:
    """Return possible starts in order: 0, boundaries, even parts of long shots, and a grid as last resort."""
    end = shots[-1].range.end
    boundaries = [shot.range.start for shot in shots[1:]]
    gains = dict(zip(boundaries, (breaks(shots) + sounds.evidence(boundaries)).tolist(), strict=True))
    inside: set[Timecode] = set()
    for shot in shots:
        inside |= _even(shot.range, length.parts_of(shot.range.duration))
    last_resort = _even(TimeRange(shots[0].range.start, end), length.parts_of(end.seconds))
    spacing = (length.max_seconds - length.min_seconds) / GRID_STEPS
    last_resort |= {Timecode(spacing * step) for step in range(1, int(end.seconds / spacing) + 1)}
    for time in last_resort - {end}:
        gains.setdefault(time, 2 * INSIDE_SHOT)
    for time in inside:
        if gains.get(time, INSIDE_SHOT) <= INSIDE_SHOT:
            gains[time] = INSIDE_SHOT
    gains[shots[0].range.start] = 0.0
    return [_Point(time, gain) for time, gain in sorted(gains.items())]


def _even(whole: TimeRange, parts: int) -> set[Timecode]:
    return {whole.start + whole.duration * part / parts for part in range(1, parts)}


def _best_starts(points: list[_Point], end: Timecode, length: SceneLength) -> list[Timecode]:
    """Return the starts with the greatest gain, by dynamic programming over increasing parts of the asset."""
    times = [*(point.time for point in points), end]
    gains = np.array([*(point.gain for point in points), 0.0])
    seconds = np.array([float(time.seconds) for time in times])
    best = np.full(len(times), -np.inf)
    best[0] = 0.0
    came_from = np.zeros(len(times), np.int64)
    first = last = 0
    for place in range(1, len(times)):
        while times[place] - times[first] > length.max_seconds:
            first += 1
        while times[place] - times[last] >= length.min_seconds:
            last += 1
        if first < last:
            worth = best[first:last] - _length_cost(seconds[place] - seconds[first:last], length)
            winner = int(worth.argmax())
            best[place] = worth[winner] + gains[place]
            came_from[place] = first + winner
    starts: list[Timecode] = []
    place = len(times) - 1
    while place > 0:
        place = int(came_from[place])
        starts.append(times[place])
    return starts[::-1]


def _length_cost(seconds: NDArray[np.float64], length: SceneLength) -> NDArray[np.float64]:
    return LENGTH_WEIGHT * np.log2(seconds / length.typical_seconds) ** 2


def _scenes(shots: Sequence[SeenShot], edges: Sequence[Timecode]) -> list[SceneGroup]:
    """Distribute the shots, divided at the edges, among the scenes between the edges."""
    groups: list[SceneGroup] = []
    first = 0
    for start, end in pairwise(edges):
        members: list[tuple[int, Shot, ShotStill]] = []
        place = first
        while not members or (place < len(shots) and shots[place].range.start < end):
            whole = shots[place].range
            part = TimeRange(max(whole.start, start), min(whole.end, end))
            still = shots[place].best(part)
            members.append((place, Shot(part, still.time), still))
            place += 1
        first = place - 1 if shots[place - 1].range.end > end else place
        parts = tuple(shot for _, shot, _ in members)
        keyframe = _most_representative([(shot, still) for _, shot, still in members])
        groups.append(SceneGroup(Scene(parts, keyframe), tuple(origin for origin, _, _ in members)))
    return groups


def _most_representative(members: Sequence[tuple[Shot, ShotStill]]) -> Timecode:
    """Return the keyframe of the shot that is typical of the scene, clear and long."""
    looks = np.stack([still.looks.mean(axis=0) for _, still in members])
    lasting = np.array([max(float(shot.range.duration), 1e-3) for shot, _ in members])
    typical = (looks * lasting[:, None]).sum(axis=0) / lasting.sum()
    distance = np.abs(looks - typical).mean(axis=1)
    clear = np.array([still.quality + 0.1 for _, still in members])
    return members[int((clear * np.sqrt(lasting) / (1 + distance / 20)).argmax())][0].keyframe
