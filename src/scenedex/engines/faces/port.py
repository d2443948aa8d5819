"""The port of faces."""

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
    """A face in one picture.

    Attributes:
        box: from the brows to the chin, roughly.
        confidence: that it is a face, 0 to 1.
        landmarks: five points ``(5, 2)``, x and y in pixels. Whatever the engine, the first three are the eye on the
            left of the picture, the eye on the right and the nose; the last two are those that the engine aligns by.
    """

    box: BoundingBox
    confidence: float
    landmarks: NDArray[np.float32]


class FaceAnalyser(Protocol):
    """Finds faces and describes them.

    The same picture always gives the same answer. `find` may be called from several threads at once, beside one
    `describe`.
    """

    @property
    def engine(self) -> Engine:
        """What this analyser is."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a description."""
        ...

    @property
    def same_person(self) -> float:
        """Cosine similarity of two descriptions above which both are taken for one person; false matches are rare."""
        ...

    def find(self, rgb: NDArray[np.uint8], *, closely: bool = False) -> Sequence[FoundFace]:
        """The faces of an upright picture ``(height, width, 3)``, largest first; none is no error.

        A picture that is looked at ``closely`` takes longer and shows smaller faces, where the engine can do so.
        """
        ...

    def describe(self, rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.float32]:
        """The unit vector ``(dimension,)`` of a face that was found in this picture."""
        ...


FACES: Final[Port[FaceAnalyser]] = Port("faces", "faces")
