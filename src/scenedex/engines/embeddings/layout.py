"""The bundled picture embedder: the places of light, colours and edges in a picture, without weights.

It finds frames of the same shot, also after they were scaled, cropped by a tenth, encoded with losses, darkened or
stretched in contrast. It does not know what a picture shows.

A vector has three parts of equal weight. Each part counts relative to its own length, so that the vectors of unrelated
pictures are nearly orthogonal:

- Light: `ROWS` x `COLUMNS` means of luma, less their mean.
- Colours: as many means of both chroma planes.
- Edges: the strength of edges in `DIRECTIONS` directions, in `PARTS` x `PARTS` parts that overlap, less the mean.

A part of a plain picture is short, since the noise of compression must not count. Two more numbers of each part have
the length that is missing. They tell dark from bright pictures, and fog from texture.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.embeddings.port import LAYOUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

ROWS: Final = 5
COLUMNS: Final = 6
PARTS: Final = 3
DIRECTIONS: Final = 8

_HEIGHT, _WIDTH = 96, 128
"""Size of the picture whose edges are measured."""

_YCBCR = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)

# Root mean square of each part at which half of its squared length is missing.
_PLAIN_LIGHT = 4.5
_PLAIN_COLOUR = 4.7
_PLAIN_EDGES = 0.05
_HALF_TEXTURE = 0.3
"""Mean strength of edges in a picture that is half of noise."""


class LayoutPictures:
    """Embedder for which frames with the same composition are close."""

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = LAYOUT
        self.dimension: Final = 3 * ROWS * COLUMNS + PARTS * PARTS * DIRECTIONS + 6

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vector of a picture."""
        picture = _resized(np.ascontiguousarray(rgb), _WIDTH, _HEIGHT)
        means = _resized(picture, COLUMNS, ROWS) @ _YCBCR.T
        light, colour = means[..., 0], means[..., 1:]
        edges = edge_strengths(picture @ _YCBCR[0])
        brightness, texture = float(light.mean()) / 255, float(edges.mean())
        parts = [
            *_completed(light - light.mean(), _PLAIN_LIGHT, brightness),
            *_completed(colour, _PLAIN_COLOUR, 0),
            *_completed(edges - edges.mean(), _PLAIN_EDGES, texture / (texture + _HALF_TEXTURE)),
        ]
        return (np.concatenate(parts) / np.sqrt(3)).astype(np.float32)


def _resized(picture: NDArray[np.uint8] | NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Return a picture ``(height, width, 3)`` in another size, by the means of areas."""
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def edge_strengths(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean strength of edges ``(PARTS, PARTS, DIRECTIONS)`` of luma ``(height, width)``.

    The strength of an edge is the root of its gradient. Pixels and directions count for the two nearest parts and
    directions, so that a small shift changes little.
    """
    height, width = int(luma.shape[0]), int(luma.shape[1])
    down, right = np.gradient(luma)
    strength = np.sqrt(np.hypot(down, right))
    place = np.arctan2(down, right) % np.pi * (DIRECTIONS / np.pi)
    lower = np.floor(place).astype(np.int64)
    share = place - lower
    by_direction = np.zeros((DIRECTIONS, height, width), np.float32)
    at = np.arange(height)[:, None], np.arange(width)
    by_direction[lower % DIRECTIONS, *at] = strength * (1 - share)
    by_direction[(lower + 1) % DIRECTIONS, *at] = strength * share
    # Sums by einsum, not by matrix products, whose threads would wait for the decoder's.
    tall = np.einsum("dyx,yr->drx", by_direction, _shares(height))
    return np.einsum("drx,xc->rcd", tall, _shares(width)).astype(np.float32)


@lru_cache(maxsize=2)
def _shares(size: int) -> NDArray[np.float32]:
    """Return the weight ``(size, PARTS)`` of each sample of a line in the mean of each part."""
    places = (np.arange(size) + 0.5) * (PARTS / size) - 0.5
    weights = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(PARTS)))
    return (weights / weights.sum(axis=0)).astype(np.float32)


def _completed(part: NDArray[np.float32], plain: float, kind: float) -> tuple[NDArray[np.float32], ...]:
    """Return a part with a length of less than 1, and two numbers that complete it to 1.

    Half of the squared length is missing if the part is as small as ``plain``. ``kind``, from 0 to 1, tells parts that
    are plain in different ways apart.
    """
    numbers = part.ravel()
    squared, added = float(numbers @ numbers), plain * plain * numbers.size
    missing, angle = np.sqrt(added / (squared + added)), np.pi * kind
    rest = np.array([missing * np.cos(angle), missing * np.sin(angle)], np.float32)
    return numbers / np.float32(np.sqrt(squared + added)), rest
