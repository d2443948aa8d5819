"""Faces: where they are in a picture, which vector describes each, and how good a likeness each is.

The faces stage opens one `FaceAnalyser` through `opening.open_faces` and shows it stills. An analyser must not know
films, tracks or persons; `quality` judges faces without any network. Importing this package loads no network library.
"""

from scenedex.engines.faces.names import BUNDLED_ENGINE, DLIB, SFACE_FILE, YUNET_FILE, YUNET_SFACE
from scenedex.engines.faces.opening import open_faces
from scenedex.engines.faces.port import FaceAnalyser, FoundFace
from scenedex.engines.faces.quality import FaceQuality, assess, frontality
from scenedex.engines.faces.scripted import ScriptedFaceAnalyser, ScriptedFaceLook

__all__ = [
    "BUNDLED_ENGINE",
    "DLIB",
    "SFACE_FILE",
    "YUNET_FILE",
    "YUNET_SFACE",
    "FaceAnalyser",
    "FaceQuality",
    "FoundFace",
    "ScriptedFaceAnalyser",
    "ScriptedFaceLook",
    "assess",
    "frontality",
    "open_faces",
]
