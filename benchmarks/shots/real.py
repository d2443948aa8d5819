"""Writes films of real footage: uncut stretches of clips, joined by known transitions, and their truth as JSON.

python benchmarks/shots/real.py STRETCHES.json FOLDER

STRETCHES.json is a list of ``{"half": "tuning" | "held-out", "file": PATH, "begin": SECONDS, "end": SECONDS}``. The
halves must share no clip. Every film is a function of the list and its seed. ``uncut`` films are single stretches.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import av
import msgspec
import numpy as np
from corpus import Transition, Truth
from joins import KINDS, framed, join, resized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
LONGEST = 300
SHOTS = 9
BARS = ("pillars", "letterbox", "uneven", "one side", "portrait")
FILMS = {
    "cut": 4,
    "10 fps": 4,
    "small": 3,
    "bars": 8,
    "page": 3,
    "blend": 3,
    "dissolve": 4,
    "fade": 3,
    "wipe": 7,
    "push": 6,
    "zoom": 5,
}
"""Number of films of each theme, per half."""


@dataclass(frozen=True)
class Stretch:
    """Part of a clip without a transition, in seconds."""

    half: str
    file: str
    begin: float
    end: float


@lru_cache(maxsize=64)
def pictures(stretch: Stretch) -> NDArray[np.uint8]:
    """Return up to `LONGEST` frames ``(n, 180, 320, 3)``, cropped to this shape."""
    found: list[NDArray[np.uint8]] = []
    with av.open(stretch.file) as container:
        video = container.streams.video[0]
        first: float | None = None
        for frame in container.decode(video):
            time = float(frame.time or 0)
            first = time if first is None else first
            if time - first > stretch.end or len(found) == LONGEST:
                break
            if time - first >= stretch.begin:
                scale = max(WIDTH / frame.width, HEIGHT / frame.height)
                width, height = round(frame.width * scale), round(frame.height * scale)
                whole = frame.reformat(width=width, height=height, format="rgb24").to_ndarray().astype(np.uint8)
                top, left = (whole.shape[0] - HEIGHT) // 2, (whole.shape[1] - WIDTH) // 2
                found.append(whole[top : top + HEIGHT, left : left + WIDTH])
    return np.stack(found)


def film(theme: str, seed: int, stretches: Sequence[Stretch]) -> tuple[list[NDArray[np.uint8]], list[Transition], int]:
    """Return the frames, the transitions and the frame rate of a film."""
    chance = np.random.default_rng(seed)
    rate = 10 if theme == "10 fps" else int(chance.choice([24, 25, 30]))
    order = [int(chance.integers(len(stretches)))]
    while len(order) < SHOTS:
        number = int(chance.integers(len(stretches)))
        if number != order[-1]:
            order.append(number)
    shots = [pictures(stretches[number])[:: 3 if rate == 10 else 1] for number in order]
    frames: list[NDArray[np.uint8]] = []
    transitions: list[Transition] = []
    used = 0
    for shot, following in zip(shots, [*shots[1:], None], strict=True):
        length = int(chance.integers(rate * 6 // 5, rate * 16 // 5))
        kind = _kind(theme, chance) if following is not None else "cut"
        step_count = _length(kind, rate, chance)
        if following is not None:
            step_count = min(step_count, (min(len(shot), len(following)) - 1) // 3)
        body = shot[used : max(used + 4, min(len(shot) - step_count, used + length))]
        frames += list(body)
        if following is not None:
            transitions.append(Transition(kind, len(frames), len(frames) + step_count))
            for step in range(step_count):
                old = shot[min(used + len(body) + step, len(shot) - 1)]
                frames.append(join(kind, old, following[step], (step + 1) / (step_count + 1)))
        used = step_count
    frame = str(chance.choice(BARS)) if theme == "bars" else theme
    frames = [framed(picture, frame) for picture in frames]
    return [resized(p, 90, 160) for p in frames] if theme == "small" else frames, transitions, rate


def _kind(theme: str, chance: np.random.Generator) -> str:
    if theme in {"bars", "small", "page"}:
        return "dissolve" if chance.random() < 0.15 else "cut"
    kinds = KINDS.get(theme, ("cut",))
    return str(chance.choice(kinds)) if chance.random() < 0.75 else "cut"


def _length(kind: str, rate: int, chance: np.random.Generator) -> int:
    if kind == "cut":
        return 0
    return int(kind[-1]) if kind.startswith("blend") else int(chance.integers(rate * 3 // 10, rate * 6 // 5))


def write(path: Path, frames: Sequence[NDArray[np.uint8]], rate: int) -> None:
    """Encodes frames as MPEG-4 part 2."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate, options={"qmin": "3", "qmax": "12"})  # pyright: ignore[reportUnknownMemberType] - av leaves **kwargs untyped
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 1_500_000
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))  # pyright: ignore[reportUnknownMemberType] - av leaves Packet unparametrised
        container.mux(stream.encode(None))  # pyright: ignore[reportUnknownMemberType] - as above


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stretches", type=Path)
    parser.add_argument("folder", type=Path)
    wanted = parser.parse_args()
    stretches = msgspec.json.decode(wanted.stretches.read_bytes(), type=list[Stretch])
    for number, half in ((2, "held-out"), (1, "tuning")):
        folder = wanted.folder / half
        folder.mkdir(parents=True, exist_ok=True)
        here = [stretch for stretch in stretches if stretch.half == half]
        for row, (theme, count) in enumerate(FILMS.items()):
            for n in range(count):
                frames, transitions, rate = film(theme, 10_000 * number + 100 * row + n, here)
                _store(folder / f"{theme.replace(' ', '-')}-{n}.mp4", theme, frames, transitions, rate)
        for n, stretch in enumerate(here):
            _store(folder / f"uncut-{n}.mp4", "uncut", list(pictures(stretch)), [], 25)


def _store(
    path: Path, theme: str, frames: Sequence[NDArray[np.uint8]], transitions: list[Transition], rate: int
) -> None:
    write(path, frames, rate)
    truth = Truth(theme, transitions, [], [n / rate for n in range(len(frames))])
    path.with_suffix(".json").write_text(json.dumps(asdict(truth)))


if __name__ == "__main__":
    main()
