"""Port of faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine
    from scenedex.timeline import BoundingBox


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """Face in one picture.

    Attributes:
        box: its place, roughly from the brows to the chin.
        confidence: probability that it is a face, 0 to 1.
        landmarks: five points ``(5, 2)``, x and y in pixels. The first three are the eye on the left of the picture,
            the eye on the right and the nose. The last two depend on the engine, which aligns by them.
    """

    box: BoundingBox
    confidence: float
    landmarks: NDArray[np.float32]


class FaceAnalyser(Protocol):
    """Finds faces and describes them.

    The same picture always has the same result. Several threads may call `find`, and one `describe`, at the same time.
    """

    @property
    def engine(self) -> Engine:
        """Identity of the analyser."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    @property
    def same_person(self) -> float:
        """Cosine similarity above which two vectors are of one person. False matches are rare."""
        ...

    def find(self, rgb: NDArray[np.uint8], *, closely: bool = False) -> Sequence[FoundFace]:
        """Return the faces of an upright picture ``(height, width, 3)``, largest first.

        With ``closely``, the search takes longer and finds smaller faces if the engine supports it.
        """
        ...

    def describe(self, rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` of a face that was found in this picture."""
        ...


FACES: Final[Port[FaceAnalyser]] = Port("faces", "faces")
