"""Quality of a picture of a face: its size, its sharpness and its direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.faces.sampling import grey, resize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.faces.port import FoundFace

MIN_SIZE_PX: Final = 48
MIN_SHARPNESS: Final = 0.12
"""Sharpness from which blur changes vectors little: 0.9 is the usual cosine of a blurred face and the sharp one."""
MIN_FRONTALITY: Final = 0.45
MIN_CONFIDENCE: Final = 0.75

_AMPLE_SIZE_PX = 128
_LOOKED_AT = 64  # pixels a side: enough to recognise a face
_CRISP = 0.25  # energy of the Laplacian relative to that of the picture, for a face in focus
_MIN_CONTRAST = 25.0  # variance below which sharpness has no meaning


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """Quality of a face.

    Attributes:
        size_px: shorter side of its box in pixels.
        sharpness: sharpness of the face at a fixed size, 0 to 1.
        frontality: 1 if it looks at the camera, 0 in profile.
        confidence: probability that it is a face, 0 to 1.
        is_clear: whether it is seen from the front and nothing covers it, because covered faces of two persons look
            alike. `None` if the engine cannot tell, so that the frontality decides.
    """

    size_px: float
    sharpness: float
    frontality: float
    confidence: float
    is_clear: bool | None = None

    @property
    def score(self) -> float:
        """Combined quality, 0 to 1."""
        size = min(1.0, self.size_px / _AMPLE_SIZE_PX)
        return float(size * self.sharpness * self.frontality * self.confidence) ** 0.25

    @property
    def is_presentable(self) -> bool:
        """True if the face is good enough to define a person."""
        return (
            self.size_px >= MIN_SIZE_PX
            and self.sharpness >= MIN_SHARPNESS
            and (self.frontality >= MIN_FRONTALITY if self.is_clear is None else self.is_clear)
            and self.confidence >= MIN_CONFIDENCE
        )


def assess(rgb: NDArray[np.uint8], face: FoundFace) -> FaceQuality:
    """Return the quality of a face that was found in the upright picture ``(height, width, 3)``."""
    height, width = rgb.shape[:2]
    box = face.box
    top, bottom = int(box.top * height), round((box.top + box.height) * height)
    left, right = int(box.left * width), round((box.left + box.width) * width)
    return FaceQuality(
        size_px=min(box.width * width, box.height * height),
        sharpness=sharpness(rgb[top:bottom, left:right]),
        frontality=frontality(face.landmarks),
        confidence=face.confidence,
        is_clear=face.is_clear,
    )


def sharpness(rgb: NDArray[np.uint8]) -> float:
    """Return the fine detail of a picture relative to its contrast, 0 to 1. A uniform or empty picture has 0."""
    if min(rgb.shape[:2]) == 0:
        return 0.0
    luma = resize(grey(rgb), _LOOKED_AT, _LOOKED_AT)
    variance = float(luma.var())
    if variance < _MIN_CONTRAST:
        return 0.0
    inner = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * inner
    return float(min(1.0, laplacian.var() / variance / _CRISP))


def frontality(landmarks: NDArray[np.float32]) -> float:
    """Return the closeness of the nose to the middle between the eyes: 1 from the front, 0 in profile."""
    left, right, nose = (point.astype(np.float64) for point in landmarks[:3])
    axis = right - left
    length = float(axis @ axis)
    if length <= 0:
        return 0.0
    share = float((nose - left) @ axis) / length
    return max(0.0, 1 - 2 * abs(share - 0.5))
