"""The file of dlib's 68 landmarks, which may not be used commercially."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FIND = """
import numpy as np
from scenedex.engines.engine import EngineContext
from scenedex.engines.faces.dlib_faces import DLIB, DlibFaceAnalyser
analyser = DlibFaceAnalyser(EngineContext(DLIB))
analyser.find(np.zeros((360, 640, 3), np.uint8))
"""


def test_the_68_landmarks_are_never_opened(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs strace")
    log = tmp_path / "opened"

    command = [strace, "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", log, sys.executable, "-c", FIND]
    subprocess.run(command, check=True, cwd=tmp_path)

    opened = set(re.findall(r'"[^"]*/([^/"]+\.dat)"', log.read_text()))
    assert opened == {"shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat"}
