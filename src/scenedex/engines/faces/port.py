"""Port of faces, and its engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.calibration import Curve, FaceCalibration, IdentityBounds
from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.engine import Engine
from scenedex.engines.port import EmbeddingEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.timeline import BoundingBox


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """Face in one picture.

    Attributes:
        box: its place, roughly from the brows to the chin.
        confidence: probability that it is a face, 0 to 1.
        landmarks: five points ``(5, 2)``, x and y in pixels. The first three are the eye on the left of the picture,
            the eye on the right and the nose. The last two depend on the engine, which aligns by them.
        is_clear: whether it is seen from the front and nothing covers it. `None` if the engine cannot tell.
    """

    box: BoundingBox
    confidence: float
    landmarks: NDArray[np.float32]
    is_clear: bool | None = None


class FaceAnalyser(EmbeddingEngine, Protocol):
    """Finds faces and describes them.

    The same picture always has the same result. Several threads may use it at the same time.
    """

    @property
    def same_person(self) -> float:
        """Cosine similarity above which two vectors are of one person. False matches are rare."""
        ...

    def find(
        self, rgb: NDArray[np.uint8], *, closely: bool = False, near: Sequence[BoundingBox] = ()
    ) -> Sequence[FoundFace]:
        """Return the faces of an upright picture ``(height, width, 3)``, largest first.

        Args:
            rgb: the picture.
            closely: whether the search may take longer to find smaller faces, if the engine supports it.
            near: places of faces in a picture shortly before or after. The search may be limited to faces of about
                these sizes around these places. Without them, it is of all of the picture.
        """
        ...

    def describe(self, rgb: NDArray[np.uint8], face: FoundFace, *, roughly: bool = False) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` of a face that was found in this picture.

        Args:
            rgb: the picture.
            face: the face.
            roughly: whether the vector only serves to follow the face from still to still, so that it may be made of
                fewer looks at the face.
        """
        ...


FACES: Final[Port[FaceAnalyser]] = Port("faces", "faces")

DLIB: Final = Engine("dlib-resnet", "3", "dlib-resnet-v1")
"""MTCNN finds faces, dlib's ResNet describes them in 128 numbers. Their weights are inside wheels."""

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
        calibration=FaceCalibration(
            Curve.through(strangers=0.0, unsure=0.3, same=0.4, step=0.1),
            IdentityBounds(certain=0.45, likely=0.4, lead=0.05, long_lead=0.1, crowd=0.3, possible=0.3),
        ),
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
        licence="BSL-1.0 AND CC0-1.0 AND MIT",
        packages={
            "cv2": "opencv-python-headless",
            "dlib": "dlib-bin",
            "lz4": "lz4",
            "mtcnn": "mtcnn",
            "onnx": "onnx",
            "onnxruntime": "onnxruntime",
            "face_recognition_models": "face-recognition-models",
        },
        alias="dlib",
        # docs/how-to/person-scores.md says how these were measured.
        calibration=FaceCalibration(
            Curve.through(strangers=0.0, unsure=0.36, same=0.54, step=0.08),
            IdentityBounds(certain=0.6, likely=0.55, lead=0.03, long_lead=0.2, crowd=0.4, possible=0.36),
        ),
    ),
)
