"""Line detection by PP-OCR's network, which estimates for each pixel whether it is in the core of a line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.networks import open_picture_network
from scenedex.engines.text.port import TextBox
from scenedex.engines.text.reading_order import in_reading_order
from scenedex.timeline import BoundingBox

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

_MAX_HEIGHT: Final = 0.7
_COLUMN, _LINE = 0.4, 2.0
"""Width over height up to which a place is a column, and from which it is a line."""

_MAYBE: Final = 0.15
"""Minimum share of a pixel that is worth a second look."""

_LARGE_CORE: Final = 11
"""Thickness of the core of a line, in pixels of the first look, from which a second look shows no more."""

_MARGIN: Final = 12
"""Pixels of the first look around a small line, half as many above and below it."""

_MAX_AREAS: Final = 0.6
"""Share of the picture from which the second look is at all of it."""

_MAX_SHARED: Final = 0.5
_MAX_BOXES: Final = 200


class LineDetector:
    """Detector in an ONNX file: ``(1, 3, height, width)`` pictures, multiples of 32 a side, in and out.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """

    def __init__(self, network: Path, *, threads: int) -> None:
        self._session = open_picture_network(network, (None, 3, None, None), axes=4, threads=threads)
        self._input = self._session.get_inputs()[0].name

    def find(self, rgb: NDArray[np.uint8], *, longest_side: int, first_side: int | None = None) -> Sequence[TextBox]:
        """Return the lines, at most 200, in reading order. See `TextReader.find`."""
        ratio = min(1.0, longest_side / max(rgb.shape[:2]))
        if first_side is None or first_side >= longest_side:
            found = _boxes(self._likely(rgb, ratio))
        else:
            found = self._find_twice(rgb, ratio, min(1.0, first_side / max(rgb.shape[:2])))
        found.sort(key=lambda box: -box.score)
        return in_reading_order(found[:_MAX_BOXES], lambda box: box.box)

    def _find_twice(self, rgb: NDArray[np.uint8], ratio: float, first_ratio: float) -> list[TextBox]:
        """Find large lines in a small picture, and look for small ones only where that may show something."""
        likely = self._likely(rgb, first_ratio)
        found = _boxes(likely, thinnest=_LARGE_CORE)
        areas = _areas_of_small_lines(likely, found)
        if sum(area.area for area in areas) > _MAX_AREAS:
            areas = [BoundingBox(0, 0, 1, 1)]
        height, width = rgb.shape[:2]
        for area in areas:
            left, top = math.floor(area.left * width), math.floor(area.top * height)
            right, bottom = math.ceil((area.left + area.width) * width), math.ceil((area.top + area.height) * height)
            small = _boxes(self._likely(rgb[top:bottom, left:right], ratio))
            place = (left / width, top / height, (right - left) / width, (bottom - top) / height)
            found += [moved for moved in (_moved(box, place) for box in small) if not _is_within(moved, found)]
        return found

    def _likely(self, rgb: NDArray[np.uint8], ratio: float) -> NDArray[np.float32]:
        height, width = rgb.shape[:2]
        size = (_multiple(width * ratio), _multiple(height * ratio))
        picture = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
        batch = (picture[:, :, ::-1].transpose(2, 0, 1)[None] / np.float32(127.5) - 1).astype(np.float32)
        return self._session.run(None, {self._input: batch})[0][0, 0]


def _multiple(side: float) -> int:
    return max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE)


def _boxes(likely: NDArray[np.float32], *, thinnest: int = _THINNEST_CORE) -> list[TextBox]:
    height, width = likely.shape
    core = cv2.dilate((likely > _CORE).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(core, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[TextBox] = []
    for contour in contours:
        middle, (across, down), angle = cv2.minAreaRect(contour)
        if min(across, down) < thinnest:
            continue
        score = _score(likely, cv2.boxPoints((middle, (across, down), angle)))
        if _is_figure(cv2.boundingRect(contour), likely.shape):
            continue
        growth = 2 * _GROWTH * across * down / (2 * (across + down))
        if score < _MIN_SCORE or min(across, down) + growth < _THINNEST_LINE:
            continue
        corners = cv2.boxPoints((middle, (across + growth, down + growth), angle))
        found.append(TextBox(_polygon([(float(x) / width, float(y) / height) for x, y in corners]), score))
    return found


def _areas_of_small_lines(likely: NDArray[np.float32], large: Sequence[TextBox]) -> list[BoundingBox]:
    """Return upright rectangles around everything that may be a line beside the large ones, apart from one another."""
    height, width = likely.shape
    hot = (likely > _MAYBE).astype(np.uint8)
    for box in large:
        corners = np.array(box.polygon, np.float32) * np.array([width, height], np.float32)
        cv2.fillPoly(hot, [np.round(corners).astype(np.int32)], (0,))
    near = cv2.dilate(hot, np.ones((2 * _MARGIN // 2 + 1, 2 * _MARGIN + 1), np.uint8))
    contours, _ = cv2.findContours(near, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    areas: list[BoundingBox] = []
    for contour in contours:
        left, top, across, down = cv2.boundingRect(contour)
        areas.append(BoundingBox.within(left / width, top / height, (left + across) / width, (top + down) / height))
    return _joined(areas)


def _joined(areas: list[BoundingBox]) -> list[BoundingBox]:
    """Join rectangles that overlap."""
    joined: list[BoundingBox] = []
    for area in areas:
        whole = area
        while touching := [one for one in joined if one.overlap(whole) > 0]:
            joined = [one for one in joined if one not in touching]
            every = [whole, *touching]
            whole = BoundingBox.within(
                min(one.left for one in every),
                min(one.top for one in every),
                max(one.left + one.width for one in every),
                max(one.top + one.height for one in every),
            )
        joined.append(whole)
    return joined


def _moved(box: TextBox, place: tuple[float, float, float, float]) -> TextBox:
    """Return a box in a part of the picture as a box in the picture. ``place`` is left, top, width and height."""
    left, top, width, height = place
    a, b, c, d = ((left + x * width, top + y * height) for x, y in box.polygon)
    return TextBox((_inside(a), _inside(b), _inside(c), _inside(d)), box.score)


def _is_within(box: TextBox, found: Sequence[TextBox]) -> bool:
    part = box.box
    for one in found:
        whole = one.box
        across = min(part.left + part.width, whole.left + whole.width) - max(part.left, whole.left)
        down = min(part.top + part.height, whole.top + whole.height) - max(part.top, whole.top)
        if across > 0 and down > 0 and across * down > _MAX_SHARED * part.area:
            return True
    return False


def _is_figure(rectangle: Sequence[int], shape: tuple[int, ...]) -> bool:
    """Return whether a place is as high as the picture and neither a line nor a column, such as a person."""
    _, _, width, height = rectangle
    return height > _MAX_HEIGHT * shape[0] and _COLUMN * height < width < _LINE * height


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
