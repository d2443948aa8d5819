"""Pictures of queries: frames of real films, variants of them, and unrelated pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from benchmarks.shots.pictures import world
from PIL import Image, ImageEnhance, ImageFilter

from scenedex.analysis.stages.visual import VisualOptions
from scenedex.engines.embeddings import LAYOUT
from scenedex.engines.embeddings.layout import LayoutPictures
from scenedex.engines.engine import EngineContext
from scenedex.media.images import encode_jpeg, read_image, shrink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

EACH = 40
_HEIGHT, _WIDTH = 360, 640
_LATER_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A frame of a film, and its time in seconds."""

    rgb: Picture
    seconds: float


def frames(path: Path) -> list[Frame]:
    """Return all frames of a film."""
    with av.open(path) as film:
        return [
            Frame(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), float(frame.time or 0))
            for frame in film.decode(video=0)
        ]


def every_second(film: Sequence[Frame], after: float = 0.0) -> list[Frame]:
    """Return the first frame of every second, counted from an offset."""
    found = {int(one.seconds - after): one for one in reversed(film) if one.seconds >= after}
    return [found[second] for second in sorted(found)]


def vectors(pictures: Sequence[Picture]) -> NDArray[np.float32]:
    """Return the vectors of pictures by the bundled engine, as an analysis makes them."""
    engine = LayoutPictures(EngineContext(LAYOUT))
    return np.stack([engine.embed(as_still(one)) for one in pictures])


def as_still(rgb: Picture) -> Picture:
    """Return a picture as an analysis shows it to engines."""
    options = VisualOptions()
    jpeg = encode_jpeg(shrink(rgb, options.picture_height), options.still_quality)
    return read_image(io.BytesIO(jpeg), "jpg", max_pixels=rgb.size)


def variants(rgb: Picture) -> list[Picture]:
    """Return variants of a picture: cropped, darker, compressed and with more contrast."""
    image = Image.fromarray(rgb)
    width, height = image.size
    margins = width // 20, height // 20, width - width // 20, height - height // 20
    coded = io.BytesIO()
    image.resize((width // 2, height // 2)).save(coded, "JPEG", quality=30)
    return [
        np.asarray(one.convert("RGB"))
        for one in (
            image.crop(margins),
            ImageEnhance.Brightness(image).enhance(0.8),
            Image.open(coded),
            ImageEnhance.Contrast(image).enhance(1.25),
        )
    ]


def unrelated_pictures() -> dict[str, list[Picture]]:
    """Return pictures unlike any film, by kind."""
    chance = np.random.default_rng(8)
    noise = [chance.integers(256, size=(_HEIGHT, _WIDTH, 3), dtype=np.uint8) for _ in range(EACH)]
    return {
        "noise": noise[: EACH // 2] + [_blurred(one) for one in noise[EACH // 2 :]],
        "flat colours": [
            np.full((_HEIGHT, _WIDTH, 3), chance.integers(256, size=3, dtype=np.uint8)) for _ in range(EACH)
        ],
        "drawn": [np.asarray(world(seed).convert("RGB").resize((_WIDTH, _HEIGHT))) for seed in range(EACH)],
    }


def _blurred(rgb: Picture) -> Picture:
    smooth = np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(12)), np.float32)
    spread = (smooth - smooth.min()) / (smooth.max() - smooth.min())
    return (255 * spread).astype(np.uint8)
