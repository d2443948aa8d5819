from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from drawn_faces import draw_crowd
from engine_choices import fake_spec, spec_of
from networks_faces import write_face_networks
from scenedex.engines.faces import DLIB, FACES, YUNET_SFACE
from scenedex.engines.faces.scripted import ScriptedFaceAnalyser, ScriptedFaceLook
from scenedex.engines.testing import FaceAnalyserContract
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.faces import FaceAnalyser

    Crowd = tuple[NDArray[np.uint8], int]

LOOKS = (
    ScriptedFaceLook(1, BoundingBox(0.1, 0.1, 0.2, 0.3)),
    ScriptedFaceLook(2, BoundingBox(0.5, 0.2, 0.3, 0.5), nose=0.6),
)


class TestScripted(FaceAnalyserContract):
    spec = fake_spec(FACES, ScriptedFaceAnalyser({}).engine)

    @pytest.fixture
    def engine(self) -> FaceAnalyser:
        return ScriptedFaceAnalyser({9: LOOKS})

    @pytest.fixture(scope="class")
    @classmethod
    def crowd(cls) -> Crowd:
        return np.full((200, 300, 3), 9, np.uint8), 2


class TestDlib(FaceAnalyserContract):
    spec = spec_of(DLIB)

    @pytest.fixture(scope="class")
    @classmethod
    def crowd(cls) -> Crowd:
        return draw_crowd(900, 300, 300, most=2), 2


class TestYunetSface(FaceAnalyserContract):
    spec = spec_of(YUNET_SFACE)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("weights") / "faces"
        write_face_networks(folder)
        return folder

    @pytest.fixture(scope="class")
    @classmethod
    def crowd(cls) -> Crowd:
        picture = np.zeros((320, 320, 3), np.uint8)
        for row, column in ((80, 80), (200, 160)):
            picture[row : row + 8, column : column + 8] = (255, 0, 0)
        return picture, 2
