"""Writes the corpus: clips of drawn pictures with known transitions, and their truth as JSON.

python benchmarks/shots/corpus.py FOLDER [--half tuning|held-out]

Every clip is a pure function of its seed. The two halves share no seed: look at the tuning half while working on a
detector, and at the other one only to report.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import av
import numpy as np
from pictures import HEIGHT, WIDTH
from themes import Part, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Half = Literal["tuning", "held-out"]
FIRST_SEED: dict[Half, int] = {"tuning": 10_000, "held-out": 900_000}
CLIPS_PER_THEME = {
    "general": 7,
    "dark": 4,
    "near": 4,
    "gradual": 6,
    "motion": 5,
    "flash": 4,
    "credits": 3,
    "same place": 3,
    "on twos": 2,
    "variable rate": 2,
}
TIME_BASE = Fraction(1, 60_000)


@dataclass(frozen=True)
class Transition:
    """Truth: the first changed frame, and the first frame that is wholly the new shot (for a cut the same frame)."""

    kind: str
    begin: int
    end: int


@dataclass
class Truth:
    """True transitions and properties of one clip."""

    theme: str
    transitions: list[Transition] = field(default_factory=list[Transition])
    disturbances: list[Transition] = field(default_factory=list[Transition])
    times: list[float] = field(default_factory=list[float])


def _mixed(first: NDArray[np.uint8], second: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    return (first.astype(np.float32) * np.float32(1 - share) + second.astype(np.float32) * np.float32(share)).astype(
        np.uint8
    )


def frames(parts: list[Part], truth: Truth) -> Iterator[NDArray[np.uint8]]:
    """Draws the clip and writes down what is true about it."""
    number = 0
    drawn = 0  # frames of the take that the transition before it has used up
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        for event in part.take.events:
            start = number - drawn
            truth.disturbances.append(Transition(event.what, start + event.begin, start + event.end))
        for index in range(drawn, part.frames + drawn):
            yield part.take.draw(index)
            number += 1
        if following is not None:
            length = part.join.frames
            truth.transitions.append(Transition(_kind(part, following), number, number + length))
            for step in range(length):
                yield _between(part, following, drawn, step)
            number += length
            drawn = length


def _kind(part: Part, following: Part) -> str:
    shortest = min(part.frames, following.frames)
    if part.join.kind != "cut" or shortest > 8:
        return part.join.kind
    return "cut of a 50 ms shot" if shortest <= 3 else "near cut"


def _between(part: Part, following: Part, drawn: int, step: int) -> NDArray[np.uint8]:
    """One frame of a gradual transition."""
    length = part.join.frames
    side = length * 2 // 5
    old, young = part.take.draw(part.frames + drawn + step), following.take.draw(step)
    if part.join.kind == "dissolve":
        return _mixed(old, young, (step + 1) / (length + 1))
    if step < side:
        return _mixed(old, np.zeros_like(old), (step + 1) / side)
    if step < length - side:
        return np.zeros_like(old)
    return _mixed(young, np.zeros_like(young), (length - step - 1) / side)


def write_clip(folder: Path, theme: str, seed: int) -> None:
    """Draws and encodes one clip: ``NAME.mp4`` or ``.mkv`` and ``NAME.json``."""
    chance = np.random.default_rng((seed, 4))
    rate = Fraction(str(chance.choice(["24", "25", "30000/1001", "30", "50"])))
    codec, suffix, options = (
        ("mpeg4", "mp4", {"qmin": "3", "qmax": "20"})
        if chance.random() < 0.6
        else ("libvpx", "mkv", {"deadline": "good", "cpu-used": "5"})
    )
    truth = Truth(theme)
    ticks = 0
    path = folder / f"{theme.replace(' ', '-')}-{seed}.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=options)  # pyright: ignore[reportUnknownMemberType] - av leaves **kwargs untyped
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = int(chance.choice([500_000, 900_000, 2_000_000]))
        stream.gop_size = int(chance.choice([12, 50, 250]))
        stream.time_base = TIME_BASE
        stream.codec_context.time_base = TIME_BASE
        for pixels in frames(plan(theme, seed, float(rate)), truth):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = ticks, TIME_BASE
            truth.times.append(float(ticks * TIME_BASE))
            container.mux(stream.encode(frame))  # pyright: ignore[reportUnknownMemberType] - av leaves Packet unparametrised
            step = TIME_BASE.denominator / rate
            ticks += round(step * int(chance.integers(1, 4)) if theme == "variable rate" else step)
        container.mux(stream.encode(None))  # pyright: ignore[reportUnknownMemberType] - as above
    path.with_suffix(".json").write_text(json.dumps(asdict(truth)))


def clips(half: Half) -> list[tuple[str, int]]:
    """Theme and seed of every clip of a half."""
    return [
        (theme, FIRST_SEED[half] + 100 * row + number)
        for row, (theme, count) in enumerate(CLIPS_PER_THEME.items())
        for number in range(count)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=list(FIRST_SEED), action="append")
    wanted = parser.parse_args()
    begun = time.monotonic()
    halves: list[Half] = wanted.half or list(FIRST_SEED)
    for half in halves:
        folder = wanted.folder / half
        folder.mkdir(parents=True, exist_ok=True)
        with multiprocessing.Pool(2) as pool:
            pool.starmap(write_clip, [(folder, theme, seed) for theme, seed in clips(half)])
        truths = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
        count = sum(len(truth["transitions"]) for truth in truths)
        print(f"{half}: {len(truths)} clips, {count} transitions, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
