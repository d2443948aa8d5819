"""Line detection by PP-OCR's network, which estimates for each pixel whether it is in the core of a line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.networks import open_picture_network
from scenedex.engines.text.port import TextBox
from scenedex.engines.text.reading_order import in_reading_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.text.port import Point, Polygon

_MULTIPLE: Final = 32
_CORE: Final = 0.3
_MIN_SCORE: Final = 0.5
_GROWTH: Final = 1.6
"""Expansion from the core of a line to the line, as a multiple of area over perimeter."""

_THINNEST_CORE, _THINNEST_LINE = 3, 5
_MAX_BOXES: Final = 200


class LineDetector:
    """Detector in an ONNX file: ``(1, 3, height, width)`` pictures, multiples of 32 a side, in and out.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """

    def __init__(self, network: Path, *, threads: int) -> None:
        self._session = open_picture_network(network, (None, 3, None, None), axes=4, threads=threads)
        self._input = self._session.get_inputs()[0].name

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int) -> Sequence[TextBox]:
        """Return the lines, at most 200, in reading order."""
        height, width = rgb.shape[:2]
        ratio = min(1.0, longest_side / max(height, width))
        size = (_multiple(width * ratio), _multiple(height * ratio))
        picture = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
        batch = (picture[:, :, ::-1].transpose(2, 0, 1)[None] / np.float32(127.5) - 1).astype(np.float32)
        likely: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0][0, 0]
        found = _boxes(likely)
        found.sort(key=lambda box: -box.score)
        return in_reading_order(found[:_MAX_BOXES], lambda box: box.box)


def _multiple(side: float) -> int:
    return max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE)


def _boxes(likely: NDArray[np.float32]) -> list[TextBox]:
    height, width = likely.shape
    core = cv2.dilate((likely > _CORE).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(core, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[TextBox] = []
    for contour in contours:
        middle, (across, down), angle = cv2.minAreaRect(contour)
        if min(across, down) < _THINNEST_CORE:
            continue
        score = _score(likely, cv2.boxPoints((middle, (across, down), angle)))
        growth = 2 * _GROWTH * across * down / (2 * (across + down))
        if score < _MIN_SCORE or min(across, down) + growth < _THINNEST_LINE:
            continue
        corners = cv2.boxPoints((middle, (across + growth, down + growth), angle))
        found.append(TextBox(_polygon([(float(x) / width, float(y) / height) for x, y in corners]), score))
    return found


def _score(likely: NDArray[np.float32], corners: cv2.typing.MatLike) -> float:
    """Return the mean of the pixels between the corners."""
    height, width = likely.shape
    left, top = (max(0, math.floor(value)) for value in corners.min(axis=0))
    right, bottom = math.ceil(corners[:, 0].max()) + 1, math.ceil(corners[:, 1].max()) + 1
    part = likely[top : min(bottom, height), left : min(right, width)]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(corners - (left, top)).astype(np.int32)], (1,))
    return float(part[mask > 0].mean())


def _polygon(corners: Sequence[Point]) -> Polygon:
    """Order corners clockwise from the upper left."""
    left = sorted(sorted(corners)[:2], key=lambda point: point[1])
    right = sorted(sorted(corners)[2:], key=lambda point: point[1])
    a, b, c, d = left[0], right[0], right[1], left[1]
    return (_inside(a), _inside(b), _inside(c), _inside(d))


def _inside(point: Point) -> Point:
    return min(max(point[0], 0.0), 1.0), min(max(point[1], 0.0), 1.0)
