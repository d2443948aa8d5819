"""Parts of stills around faces."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_faces import draw_face
from scenedex.analysis.stages.face_views import FaceView
from scenedex.engines.engine import EngineContext
from scenedex.engines.faces import DLIB, FoundFace
from scenedex.engines.faces.dlib_faces import DlibFaceAnalyser
from scenedex.timeline import BoundingBox

LANDMARKS = np.array([[420, 220], [460, 220], [440, 240], [425, 260], [455, 260]], np.float32)


def test_a_face_has_the_same_pixels_in_its_part_of_the_still() -> None:
    still = np.random.default_rng(1).integers(0, 256, (360, 640, 3), np.uint8)

    view = FaceView.of(still, FoundFace(BoundingBox(0.625, 0.55, 0.125, 0.2), 0.9, LANDMARKS))

    rows, columns = view.rgb.shape[:2]
    assert rows < 360
    assert columns < 640
    for (x, y), (there_x, there_y) in zip(view.face.landmarks.astype(int), LANDMARKS.astype(int), strict=True):
        assert (view.rgb[y, x] == still[there_y, there_x]).all()
    assert view.face.box.width * columns == pytest.approx(80)
    assert view.face.box.height * rows == pytest.approx(72)


def test_a_face_has_the_same_vector_in_its_part_of_the_still() -> None:
    analyser = DlibFaceAnalyser(EngineContext(DLIB))
    still = np.full((720, 1280, 3), 70, np.uint8)
    still[100:400, 700:1000] = np.array(draw_face(300))
    (face,) = analyser.find(still)

    view = FaceView.of(still, face)

    assert float(analyser.describe(still, face) @ analyser.describe(view.rgb, view.face)) > 0.999
