"""Fake of the port: an analyser with scripted results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.faces.port import FoundFace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import BoundingBox


@dataclass(frozen=True, slots=True)
class ScriptedFaceLook:
    """Face to find: its person, box and confidence, and the direction of its nose (0.5: to the front)."""

    person: int
    box: BoundingBox
    confidence: float = 0.95
    nose: float = 0.5


class ScriptedFaceAnalyser:
    """Finds the scripted faces by the red value of a picture's first pixel, in pictures of any size.

    Different persons have orthogonal vectors, with a little noise that depends on the box.
    """

    def __init__(self, looks: Mapping[int, Sequence[ScriptedFaceLook]]) -> None:
        self.engine: Final = Engine("scripted", "1")
        self.dimension: Final = 32
        self.same_person: Final = 0.6
        self._looks = {red: tuple(found) for red, found in looks.items()}

    def find(
        self,
        rgb: NDArray[np.uint8],
        *,
        closely: bool = False,  # noqa: ARG002  # the port's
        near: Sequence[BoundingBox] = (),  # noqa: ARG002  # searches everywhere
    ) -> Sequence[FoundFace]:
        """Return the faces of the script."""
        height, width = rgb.shape[:2]
        looks = sorted(self._looks.get(int(rgb[0, 0, 0]), ()), key=lambda look: -look.box.area)
        return [FoundFace(look.box, look.confidence, _landmarks(look, height, width)) for look in looks]

    def describe(
        self,
        rgb: NDArray[np.uint8],
        face: FoundFace,
        *,
        roughly: bool = False,  # noqa: ARG002  # the port's
    ) -> NDArray[np.float32]:
        """Return the vector of the person at this place."""
        looks = self._looks.get(int(rgb[0, 0, 0]), ())
        person = next(look.person for look in looks if look.box == face.box)
        vector = np.random.default_rng(round(face.box.left * 1000)).normal(0, 0.03, self.dimension)
        vector[person % self.dimension] += 1
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def _landmarks(look: ScriptedFaceLook, height: int, width: int) -> NDArray[np.float32]:
    shares = np.array([[0.25, 0.3], [0.75, 0.3], [0.25 + look.nose / 2, 0.55], [0.35, 0.8], [0.65, 0.8]])
    corner, size = np.array([look.box.left, look.box.top]), np.array([look.box.width, look.box.height])
    return ((corner + shares * size) * np.array([width, height])).astype(np.float32)
