"""The downloaded analyser: YuNet finds faces and five points, SFace describes the aligned face."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.faces.doubles import without_doubles
from scenedex.engines.faces.port import SFACE_FILE, YUNET_FILE, YUNET_SFACE, FoundFace
from scenedex.engines.faces.sampling import resize, similarity, warp
from scenedex.engines.networks import open_session, other_network
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_STRIDES = (8, 16, 32)
_OUTPUTS = tuple(f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in _STRIDES)
_USUAL_SIDE = 640
_MIN_CONFIDENCE = 0.7
_MAX_OVERLAP = 0.3
_MAX_CANDIDATES = 2000
_LARGEST_EXPONENT = 12.0
_ALIGNED = 112
_AXES = 4
# Places of the eyes, the nose and the corners of the mouth in the pictures that SFace was trained with.
_TEMPLATE: Final = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)


class YunetSfaceAnalyser:
    """Finds faces from about 10 of 640 pixels. Landmarks 4 and 5 are the corners of the mouth.

    ``same_person``: the authors' bound for a cosine is 0.363. Different persons have cosines around 0.

    Detector: YuNet, input BGR 0-255 with multiples of 32 pixels a side, outputs ``cls``, ``obj``, ``bbox`` and ``kps``
    at strides of 8, 16 and 32. Recogniser: SFace, input RGB 0-255 ``(1, 3, 112, 112)``, output ``(1, 128)``.
    """

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = YUNET_SFACE
        self.dimension: Final = 128
        self.same_person: Final = 0.4
        folder = context.weights_folder
        self._detector = _FaceNetwork(folder / YUNET_FILE, _OUTPUTS, context.threads)
        self._recogniser = _FaceNetwork(folder / SFACE_FILE, ("fc1",), context.threads)
        if self._recogniser.sides not in {(_ALIGNED, _ALIGNED), (None, None)}:
            raise other_network(folder / SFACE_FILE)

    def find(
        self,
        rgb: NDArray[np.uint8],
        *,
        closely: bool = False,  # noqa: ARG002  # always searches closely
        near: Sequence[BoundingBox] = (),  # noqa: ARG002  # searches everywhere
    ) -> Sequence[FoundFace]:
        """Return the faces of a picture."""
        height, width = rgb.shape[:2]
        rows, columns = (side or _USUAL_SIDE for side in self._detector.sides)
        scale = min(rows / height, columns / width)
        used = max(1, min(rows, round(height * scale))), max(1, min(columns, round(width * scale)))
        canvas = np.zeros((rows, columns, 3), np.float32)
        canvas[: used[0], : used[1]] = resize(rgb, *used)
        outputs = self._detector.run(canvas[None, :, :, ::-1].transpose(0, 3, 1, 2))
        confidences, boxes, points = _decoded(outputs, columns)
        # Each side was rounded separately.
        back = np.array([width / used[1], height / used[0]])
        kept = without_doubles(confidences, boxes, _MAX_OVERLAP)
        found = [_found(confidences[n], boxes[n] * np.tile(back, 2), points[n] * back, height, width) for n in kept]
        return sorted((face for face in found if face.box.area > 0), key=lambda face: -face.box.area)

    def describe(
        self,
        rgb: NDArray[np.uint8],
        face: FoundFace,
        *,
        roughly: bool = False,  # noqa: ARG002  # one look is enough
    ) -> NDArray[np.float32]:
        """Return the unit vector of a face."""
        aligned = warp(rgb, similarity(_TEMPLATE, face.landmarks), _ALIGNED)
        (vector,) = self._recogniser.run(aligned.transpose(2, 0, 1)[None])
        flat = vector.reshape(-1).astype(np.float64)
        return (flat / max(float(np.linalg.norm(flat)), 1e-12)).astype(np.float32)


class _FaceNetwork:
    """Network from pictures ``(1, 3, height, width)`` to named outputs. A single output may have any name."""

    def __init__(self, file: Path, outputs: Sequence[str], threads: int) -> None:
        self._session = open_session(file, threads=threads or os.cpu_count() or 1)
        inputs = self._session.get_inputs()
        given = [output.name for output in self._session.get_outputs()]
        self._outputs = given if len(outputs) == len(given) == 1 else list(outputs)
        if len(inputs) != 1 or len(inputs[0].shape) != _AXES or not set(self._outputs) <= set(given):
            raise other_network(file)
        self._input = inputs[0].name
        self.sides = tuple(side if isinstance(side, int) else None for side in inputs[0].shape[2:])
        """Height and width of the input, `None` for those that are open."""

    def run(self, pictures: NDArray[np.float32]) -> Sequence[NDArray[np.float32]]:
        return self._session.run(self._outputs, {self._input: np.ascontiguousarray(pictures)})


def _decoded(
    outputs: Sequence[NDArray[np.float32]], columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return confidences ``(n,)``, corners ``(n, 4)`` and points ``(n, 5, 2)`` in pixels, most certain first."""
    confidences: list[NDArray[np.float64]] = []
    boxes: list[NDArray[np.float64]] = []
    points: list[NDArray[np.float64]] = []
    for level, stride in enumerate(_STRIDES):
        cls, obj, box, kps = (outputs[kind * len(_STRIDES) + level].astype(np.float64) for kind in range(4))
        sure = np.sqrt(np.clip(cls.reshape(-1), 0, 1) * np.clip(obj.reshape(-1), 0, 1))
        kept = np.flatnonzero(sure >= _MIN_CONFIDENCE)
        row, column = np.divmod(kept, columns // stride)
        cell = np.stack([column, row], axis=1)
        box, kps = box.reshape(-1, 4)[kept], kps.reshape(-1, 5, 2)[kept]
        centre = (cell + box[:, :2]) * stride
        half = np.exp(np.minimum(box[:, 2:], _LARGEST_EXPONENT)) * stride / 2
        confidences.append(sure[kept])
        boxes.append(np.concatenate([centre - half, centre + half], axis=1))
        points.append((cell[:, None, :] + kps) * stride)
    sure = np.concatenate(confidences)
    order = np.argsort(-sure, kind="stable")[:_MAX_CANDIDATES]
    return sure[order], np.concatenate(boxes)[order], np.concatenate(points)[order]


def _found(
    confidence: float, box: NDArray[np.float64], points: NDArray[np.float64], height: int, width: int
) -> FoundFace:
    left, top, right, bottom = (float(side) for side in box / np.array([width, height, width, height]))
    return FoundFace(BoundingBox.within(left, top, right, bottom), float(confidence), points.astype(np.float32))
