"""Compares the scenes of films with their places.

python -m benchmarks.scenes.quality [--half tuning|held-out]
python -m benchmarks.scenes.quality --films FOLDER

A film has 25 places of 12 to 40 s, or news stories of 5 to 12 s. Each place has colours of its own and several views,
which alternate as in a dialogue or follow one another. Some places return. Every drawn film is a pure function of its
seed.

With ``--films`` the films are the MP4 files of a folder. Beside each is a text file of the same name with the times at
which the place changes, one in a line, in seconds.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scenedex.analysis.stages.frames import feed_frames
from scenedex.analysis.stages.shots import ShotCollector
from scenedex.engines.drawn import ArrayFrame
from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.engines.scenes import SceneLength, ScenePreset
from scenedex.engines.scenes.grouping import group
from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.media.opened import OpenedMedia
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.scenes.looks import SeenShot
    from scenedex.timeline import Frame

RATE = Fraction(25, 2)
ROWS, COLUMNS = 72, 128
FIRST_SEED = {"tuning": 100, "held-out": 900}
FILMS = {"places": 3, "news": 8}
TOLERANCE = 1.0


@dataclass(frozen=True)
class Film:
    """Shots that the detector found, times at which the place changes, and the length, in seconds."""

    shots: Sequence[SeenShot]
    changes: Sequence[float]
    length: float


class _NoStills:
    def save(self, frame: Frame) -> None:
        """Store nothing."""


def views(chance: np.random.Generator) -> list[list[NDArray[np.uint8]]]:
    """Draw the views of a place: planes of pictures with the colours and the light of the place."""
    base = chance.uniform((30, 90, 90), (220, 166, 166))
    colours = [np.clip(base + chance.normal(0, (40, 14, 14)), 16, 235) for _ in range(5)]
    return [_view(chance, colours) for _ in range(chance.integers(2, 5))]


def _view(chance: np.random.Generator, colours: Sequence[NDArray[np.float64]]) -> list[NDArray[np.uint8]]:
    picture = np.empty((ROWS, COLUMNS, 3))
    horizon = int(chance.integers(ROWS // 3, ROWS))
    picture[:horizon], picture[horizon:] = colours[0], colours[1]
    for _ in range(chance.integers(4, 10)):
        row, column = chance.integers(0, ROWS), chance.integers(0, COLUMNS)
        height, width = chance.integers(6, 48), chance.integers(6, 56)
        picture[row : row + height, column : column + width] = colours[int(chance.integers(0, 5))] * chance.uniform(
            0.8, 1.2
        )
    picture = np.clip(picture + chance.normal(0, 3, picture.shape), 16, 235)
    return [picture[:, :, 0].astype(np.uint8), *(picture[::2, ::2, n].astype(np.uint8) for n in (1, 2))]


def film(kind: str, seed: int) -> Film:
    """Draw a film and find its shots."""
    chance = np.random.default_rng(seed)
    count, lengths = (25, (12, 40)) if kind == "places" else (int(chance.integers(5, 12)), (5, 12))
    collector = ShotCollector(PlaneShotDetector(), ClearestFrame(), _NoStills())
    known: list[list[list[NDArray[np.uint8]]]] = []
    changes: list[float] = []
    index = 0
    for number in range(count):
        returns = len(known) > 2 and chance.random() < 0.2
        place = known[int(chance.integers(0, len(known) - 2))] if returns else views(chance)
        known.append(place)
        if number:
            changes.append(float(index / RATE))
        end = index + int(chance.uniform(*lengths) * float(RATE))
        is_dialogue = chance.random() < 0.5
        shot = 0
        while index < end:
            view = place[shot % 2 if is_dialogue else int(chance.integers(0, len(place)))]
            last = min(end, index + int(chance.uniform(2, 7) * float(RATE)))
            if end - last < RATE:
                last = end
            for moment in range(index, last):
                moved = [np.roll(plane, (moment - index) // 16, axis=1) for plane in view]
                collector.feed(ArrayFrame(moment, Timecode(moment / RATE), moved))
            index, shot = last, shot + 1
    collector.finish(Timecode(index / RATE))
    return Film(collector.shots, changes, float(index / RATE))


def unheard(*_: float) -> None:
    """Take progress and do nothing with it."""


def recorded(file: Path) -> Film:
    """Find the shots of a film in a file."""
    detector = PlaneShotDetector()
    collector = ShotCollector(detector, ClearestFrame(delay=detector.delay), _NoStills())
    with file.open("rb") as opened:
        media = OpenedMedia(opened, None, max_pixels=1 << 26, report=unheard)
        with media.video() as video:
            end = feed_frames(video, [collector])
    changes = [float(line) for line in file.with_suffix(".txt").read_text().split()]
    return Film(collector.shots, changes, float(end.seconds))


def attainable(film: Film, minimum: float) -> int:
    """Return the maximum number of changes between scenes of a minimum length."""
    times = [0.0, *film.changes, film.length]
    best = [0] + [-len(times)] * (len(times) - 1)
    for end in range(1, len(times)):
        for start in range(end):
            if times[end] - times[start] >= minimum - TOLERANCE / 2:
                best[end] = max(best[end], best[start] + 1)
    return max(0, best[-1] - 1)


def measure(kind: str, films: Sequence[Film]) -> None:
    """Print found and false boundaries of films by preset."""
    for preset in (ScenePreset.SHORT, ScenePreset.MEDIUM, ScenePreset.LONG):
        length = SceneLength.of(preset)
        counts: Counter[str] = Counter()
        for one in films:
            starts = [float(found.scene.range.start.seconds) for found in group(one.shots, length)][1:]
            right = [start for start in starts if any(abs(start - time) <= TOLERANCE for time in one.changes)]
            counts.update(found=len(right), false=len(starts) - len(right), changes=len(one.changes))
            counts.update(attainable=attainable(one, float(length.min_seconds)))
        print(
            f"{kind} {preset.value}: found {counts['found']}, false {counts['false']}, "
            f"possible {counts['attainable']}, of {counts['changes']}"
        )


def main() -> None:
    """Measure the films that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=list(FIRST_SEED), default="held-out")
    parser.add_argument("--films", type=Path)
    given = parser.parse_args()
    if given.films is not None:
        measure("recorded", [recorded(file) for file in sorted(given.films.glob("*.mp4"))])
        return
    first = FIRST_SEED[given.half]
    for kind, count in FILMS.items():
        measure(kind, [film(kind, first + seed) for seed in range(count)])


if __name__ == "__main__":
    main()
