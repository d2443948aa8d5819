"""An analyser that knows its answer: the fake of the port."""

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
    """A face as it is to be found: who it is, where, how sure, and where its nose points (0.5: to the front)."""

    person: int
    box: BoundingBox
    confidence: float = 0.95
    nose: float = 0.5


class ScriptedFaceAnalyser:
    """Finds what it was told for pictures whose first pixel has the given red value, in pictures of any size.

    Everybody has a vector at right angles to everybody else's, with a little chance that depends on the box.
    """

    def __init__(self, looks: Mapping[int, Sequence[ScriptedFaceLook]]) -> None:
        self.engine: Final = Engine("scripted", "1")
        self.dimension: Final = 32
        self.same_person: Final = 0.6
        self._looks = {red: tuple(found) for red, found in looks.items()}

    def find(self, rgb: NDArray[np.uint8], *, closely: bool = False) -> Sequence[FoundFace]:  # noqa: ARG002  # the port's
        """The faces of the script; see `FaceAnalyser`."""
        height, width = rgb.shape[:2]
        looks = sorted(self._looks.get(int(rgb[0, 0, 0]), ()), key=lambda look: -look.box.area)
        return [FoundFace(look.box, look.confidence, _landmarks(look, height, width)) for look in looks]

    def describe(self, rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.float32]:
        """The vector of whoever is there; see `FaceAnalyser`."""
        looks = self._looks.get(int(rgb[0, 0, 0]), ())
        person = next(look.person for look in looks if look.box == face.box)
        vector = np.random.default_rng(round(face.box.left * 1000)).normal(0, 0.03, self.dimension)
        vector[person % self.dimension] += 1
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def _landmarks(look: ScriptedFaceLook, height: int, width: int) -> NDArray[np.float32]:
    shares = np.array([[0.25, 0.3], [0.75, 0.3], [0.25 + look.nose / 2, 0.55], [0.35, 0.8], [0.65, 0.8]])
    corner, size = np.array([look.box.left, look.box.top]), np.array([look.box.width, look.box.height])
    return ((corner + shares * size) * np.array([width, height])).astype(np.float32)
