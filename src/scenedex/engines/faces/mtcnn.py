"""Detector of faces from all sides: MTCNN, a cascade of three small networks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.faces.doubles import without_doubles
from scenedex.engines.faces.mtcnn_networks import CONFIRMED, PROPOSED, REFINED, FaceNetworks, packaged_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MIN_CONFIDENCE: Final = 0.92
"""Probability from which a window shows a face. Leaves, hands and wheels in films reached 0.91."""

_PROPOSED_FROM, _REFINED_FROM = 0.7, 0.7
_STEP = math.sqrt(0.5)  # from one size of the picture to the next
_STRIDE = 2  # pixels between two places of the first network
_MAX_PROPOSALS = 400
_SAME_FACE, _SAME_PROPOSAL = 0.7, 0.6
_MAX_ENLARGEMENT = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class DetectedFace:
    """Face in one picture.

    Attributes:
        confidence: probability that it is a face, 0 to 1.
        points: five points ``(5, 2)``, x and y in pixels: the eye on the left of the picture, the eye on the right, the
            nose, and the corners of the mouth.
    """

    confidence: float
    points: NDArray[np.float64]


class MtcnnDetector:
    """Finds faces, also in profile, tilted and half covered.

    The first network sees the picture in many sizes and proposes windows. The second one drops most of these, the third
    one sees few and gives the points. Several threads may use it at the same time.

    Raises:
        EngineUnavailable: the weights are missing, or others than expected.
    """

    def __init__(self) -> None:
        self._networks = FaceNetworks(packaged_weights())

    def find(self, rgb: NDArray[np.uint8], smallest: float) -> Sequence[DetectedFace]:
        """Return the faces of a picture.

        Args:
            rgb: upright picture ``(height, width, 3)``.
            smallest: height of the smallest face to find, from the hair to the chin, in pixels.
        """
        # Two networks see no more of a face than this picture shows, which is faster to cut windows from.
        scale = min(REFINED / smallest, _MAX_ENLARGEMENT)
        height, width = rgb.shape[:2]
        small = _resized(rgb, max(1, round(height * scale)), max(1, round(width * scale)))
        boxes = self._refine(small, self._propose(small))
        return self._confirm(rgb, boxes * np.tile([width / small.shape[1], height / small.shape[0]], 2))

    def _propose(self, rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return squares ``(n, 4)`` that may show a face, of at least `REFINED` pixels a side."""
        height, width = rgb.shape[:2]
        scale = PROPOSED / REFINED
        picture = rgb
        logits: list[NDArray[np.float32]] = []
        boxes: list[NDArray[np.float64]] = []
        while min(height, width) * scale >= PROPOSED:
            picture = _resized(picture, round(height * scale), round(width * scale))
            found = self._networks.propose(_batch(picture[None]))
            rows, columns = np.nonzero(found[4] > _logit(_PROPOSED_FROM))
            corner = _STRIDE * np.stack([columns, rows], axis=1)
            windows = np.concatenate([corner, corner + PROPOSED], axis=1) + PROPOSED * found[:4, rows, columns].T
            there = np.array([width / picture.shape[1], height / picture.shape[0]])
            boxes.append((windows * np.tile(there, 2)).astype(np.float64))
            logits.append(found[4, rows, columns])
            scale *= _STEP
        if not boxes:
            return np.zeros((0, 4))
        every, sure = np.concatenate(boxes), np.concatenate(logits)
        likeliest = np.argsort(-sure, kind="stable")[:_MAX_PROPOSALS]
        every, sure = every[likeliest], sure[likeliest]
        return _squares(every[without_doubles(sure, every, _SAME_PROPOSAL)])

    def _refine(self, rgb: NDArray[np.uint8], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the squares that the second network takes for faces."""
        if not len(boxes):
            return boxes
        found = self._networks.refine(_windows(rgb, boxes, REFINED))
        kept = found[:, 4] > _logit(_REFINED_FROM)
        boxes, found = _moved(boxes[kept], found[kept]), found[kept]
        return _squares(boxes[without_doubles(found[:, 4], boxes, _SAME_FACE)])

    def _confirm(self, rgb: NDArray[np.uint8], boxes: NDArray[np.float64]) -> list[DetectedFace]:
        if not len(boxes):
            return []
        found = self._networks.confirm(_windows(rgb, boxes, CONFIRMED))
        kept = found[:, 14] > _logit(MIN_CONFIDENCE)
        boxes, found = boxes[kept], found[kept]
        points = boxes[:, None, :2] + _sides(boxes)[:, None] * found[:, 4:14].reshape(-1, 2, 5).transpose(0, 2, 1)
        # A small window within that of a face shows the same face.
        single = without_doubles(found[:, 14], _moved(boxes, found), _SAME_FACE, of_smaller=True)
        return [DetectedFace(1 / (1 + math.exp(-float(found[n, 14]))), points[n]) for n in single]


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _sides(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sides ``(n, 1)`` of squares."""
    return squares[:, 2:3] - squares[:, :1]


def _moved(squares: NDArray[np.float64], found: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the boxes that a network corrects squares to."""
    return squares + _sides(squares) * found[:, :4]


def _squares(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the squares around the middles of boxes with their longer sides."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate([middle - half, middle + half], axis=1)


def _windows(rgb: NDArray[np.uint8], squares: NDArray[np.float64], side: int) -> NDArray[np.float32]:
    """Return parts of a picture at one size, black outside the picture."""
    height, width = rgb.shape[:2]
    seen = np.zeros((len(squares), side, side, 3), np.uint8)
    for n, (left, top, right, bottom) in enumerate(np.round(squares).astype(np.int64).tolist()):
        here = slice(max(0, top), min(height, bottom)), slice(max(0, left), min(width, right))
        part = rgb[here]
        if part.size == 0:
            continue
        outside = here[0].start - top, bottom - here[0].stop, here[1].start - left, right - here[1].stop
        if any(outside):
            part = cv2.copyMakeBorder(part, *outside, cv2.BORDER_CONSTANT).astype(np.uint8, copy=False)
        seen[n] = _resized(part, side, side)
    return _batch(seen)


def _resized(rgb: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    smaller = height < rgb.shape[0]
    resized = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return resized.astype(np.uint8, copy=False)


def _batch(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return pictures ``(n, height, width, 3)`` as the networks see them."""
    return pictures.transpose(0, 3, 1, 2).astype(np.float32)
