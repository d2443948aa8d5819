"""Parts of stills around faces, from which the best views of a track are described once it has ended."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.faces import FoundFace

_MARGIN: Final = 1.0
"""Space around a face, as a share of its longer side. Engines align tilted faces."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceView:
    """Part of a still, and the face as found in this part."""

    rgb: NDArray[np.uint8]
    face: FoundFace

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], face: FoundFace) -> FaceView:
        """Return the part of a picture ``(height, width, 3)`` around a face that was found in it."""
        height, width = rgb.shape[:2]
        left, right = face.box.left * width, (face.box.left + face.box.width) * width
        top, bottom = face.box.top * height, (face.box.top + face.box.height) * height
        margin = _MARGIN * max(right - left, bottom - top)
        x, y = max(0, math.floor(left - margin)), max(0, math.floor(top - margin))
        part = rgb[y : math.ceil(bottom + margin), x : math.ceil(right + margin)].copy()
        rows, columns = part.shape[:2]
        box = BoundingBox.within((left - x) / columns, (top - y) / rows, (right - x) / columns, (bottom - y) / rows)
        return cls(part, replace(face, box=box, landmarks=face.landmarks - np.array([x, y], np.float32)))
