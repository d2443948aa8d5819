"""FastestDet: a small and weak detector of the 80 kinds of things of the COCO data set, 10-20 ms a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.keywords.port import FASTESTDET, FASTESTDET_FILE, FoundObject
from scenedex.engines.networks import Network
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

SIDE: Final = 352
MIN_CONFIDENCE: Final = 0.3
"""Confidence below which nothing is reported, because most results below are wrong."""

COCO_NAMES: Final = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light"),
    *("fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow"),
    *("elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee"),
    *("skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard"),
    *("tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple"),
    *("sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"),
    *("potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard"),
    *("cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase"),
    *("scissors", "teddy bear", "hair drier", "toothbrush"),
)
"""Classes of the COCO data set, in the order of their numbers."""

RELIABILITY: Final[Mapping[str, float]] = {
    "person": 0.78,
    "car": 0.8,
    "chair": 0.6,
    "bottle": 0.65,
    "bird": 0.65,
    "potted plant": 0.65,
    "dining table": 0.65,
}
"""Maximum confidence by class: its share of right results of at least 0.5 in 23 real clips, one more right and one more
wrong added. See `UNPROVEN`."""

UNPROVEN: Final = 0.3
"""Maximum confidence of the other classes. All 11 such results in the same clips were wrong: a bird was an airplane, a
logo a toilet. So they are shown only at the lowest level."""

_SAME = 0.45
_INPUT = "input.1"
_BOX_CHANNELS = 5


class FastestDet:
    """Object finder.

    Its confidence is the probability of a thing times that of its class, up to the reliability of the class.
    """

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = FASTESTDET
        file = context.weights_folder / FASTESTDET_FILE
        self._network = Network(file, inputs=[_INPUT], output=None, threads=context.threads)
        if self._network.output_shape[1:2] != (_BOX_CHANNELS + len(COCO_NAMES),):
            raise EngineUnavailable(f"{file.name} is another network: it does not have {len(COCO_NAMES)} classes.")

    def find(self, rgb: NDArray[np.uint8]) -> Sequence[FoundObject]:
        """Return the things in a picture."""
        way = cv2.INTER_AREA if min(rgb.shape[:2]) >= SIDE else cv2.INTER_LINEAR
        square = cv2.resize(np.ascontiguousarray(rgb), (SIDE, SIDE), interpolation=way)
        blue_green_red = square[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
        return capped(decode(self._network.run({_INPUT: np.ascontiguousarray(blue_green_red)})[0]))


def decode(cells: NDArray[np.float32]) -> Sequence[FoundObject]:
    """Decode the network's output ``(85, rows, columns)``, keeping the most certain of overlapping things of a class.

    Channels of a cell: probability of a thing (0-1), offset of its centre from the cell's corner (before tanh, in
    cells), its width and height (before the logistic function, in pictures), and the probability of each class.
    """
    rows, columns = cells.shape[1:]
    kinds = cells[_BOX_CHANNELS:].argmax(axis=0)
    confidences = cells[0] * cells[_BOX_CHANNELS:].max(axis=0)
    found: list[FoundObject] = []
    for place in np.argsort(-confidences, axis=None, kind="stable"):
        row, column = divmod(int(place), columns)
        confidence = float(confidences[row, column])
        # Not "less than", because a damaged network may return NaN.
        if not confidence >= MIN_CONFIDENCE:
            break
        dx, dy = np.tanh(cells[1:3, row, column])
        width, height = 1 / (1 + np.exp(-np.clip(cells[3:5, row, column], -50, 50)))
        x, y = (column + dx) / columns, (row + dy) / rows
        box = BoundingBox.within(
            float(x - width / 2), float(y - height / 2), float(x + width / 2), float(y + height / 2)
        )
        name = COCO_NAMES[int(kinds[row, column])]
        if all(other.name != name or other.box.overlap(box) < _SAME for other in found):
            found.append(FoundObject(name, min(confidence, 1.0), box))
    return found


def capped(found: Sequence[FoundObject]) -> Sequence[FoundObject]:
    """Return things with at most the confidence that their class deserves, most certain first."""
    reliable = [
        FoundObject(one.name, min(one.confidence, RELIABILITY.get(one.name, UNPROVEN)), one.box) for one in found
    ]
    return sorted(reliable, key=lambda one: -one.confidence)
