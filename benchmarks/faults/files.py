"""The files of a campaign: small films and pictures, no two with the same bytes, of which all is known beforehand."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from PIL import Image

from scenedex.media.samples import SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WIDTH, HEIGHT, RATE = 640, 360, 25
FILMS = ((50,), (30, 30), (25, 40), (20, 25, 30))
"""Frames of each take of the films that the others are made from."""
_MOST_FILLING = 1_500_000


@dataclass(frozen=True, slots=True)
class File:
    """A file and the expected properties of its asset.

    Attributes:
        name: unique name in a campaign.
        path: its path.
        film: number in `FILMS` of the film that it shows, ``None`` for a picture.
        format: its format, as the asset names it.
        is_uploaded: true if the client uploads it, false if it is registered from a bucket.
        is_analysed: true if an analysis is requested.
    """

    name: str
    path: Path
    film: int | None
    format: str
    is_uploaded: bool
    is_analysed: bool

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def duration_ms(self) -> int:
        """0 for a picture."""
        return 0 if self.film is None else sum(FILMS[self.film]) * 1000 // RATE


def films() -> list[bytes]:
    """Return the films that all others are made from."""
    return [_film(number, takes) for number, takes in enumerate(FILMS)]


def write_files(folder: Path, rng: random.Random, *, imports: int, analyses: int) -> list[File]:
    """Write files, some to be analysed. A fifth of the rest are pictures. A quarter of all are uploaded."""
    bases = films()
    made = list(_made(folder, rng, bases, imports, analyses))
    rng.shuffle(made)
    return made


def _made(folder: Path, rng: random.Random, bases: Sequence[bytes], imports: int, analyses: int) -> Iterator[File]:
    for number in range(imports):
        is_analysed = number < analyses
        is_picture = not is_analysed and rng.random() < 0.2
        film = None if is_picture else rng.randrange(len(bases))
        name = f"file-{number:04}.{'png' if film is None else 'mp4'}"
        path = folder / name
        path.write_bytes(_picture(rng) if film is None else bases[film] + _filling(rng))
        yield File(name, path, film, "png" if film is None else "mp4", rng.random() < 0.25, is_analysed)


def _film(seed: int, takes: Sequence[int]) -> bytes:
    target = io.BytesIO()
    form = SampleFormat(width=WIDTH, height=HEIGHT, rate=Fraction(RATE), container="mp4")
    write_video(
        target, [Take(frames, drifting(10 * seed + place, WIDTH, HEIGHT)) for place, frames in enumerate(takes)], form
    )
    return target.getvalue()


def _filling(rng: random.Random) -> bytes:
    """A box that readers of MP4 skip: other bytes, the same film."""
    content = rng.randbytes(rng.randrange(16, _MOST_FILLING))
    return (len(content) + 8).to_bytes(4, "big") + b"free" + content


def _picture(rng: random.Random) -> bytes:
    target = io.BytesIO()
    Image.frombytes("RGB", (WIDTH // 8, HEIGHT // 8), rng.randbytes(WIDTH * HEIGHT * 3 // 64)).resize(
        (WIDTH, HEIGHT)
    ).save(target, "PNG")
    return target.getvalue()
