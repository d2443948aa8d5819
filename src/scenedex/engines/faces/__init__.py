"""Faces: where they are in a picture, which vector describes each, and how good a likeness each is.

The faces stage opens one `FaceAnalyser` through `opening.open_faces` and shows it stills. An analyser must not know
films, tracks or persons; `quality` judges faces without any network. Importing this package loads no network library.
"""

from scenedex.engines.faces.port import FACES, FaceAnalyser, FoundFace
from scenedex.engines.faces.quality import FaceQuality, assess, frontality
from scenedex.engines.faces.scripted import ScriptedFaceAnalyser, ScriptedFaceLook
from scenedex.engines.faces.specs import DLIB, SFACE_FILE, SPECS, YUNET_FILE, YUNET_SFACE

__all__ = [
    "DLIB",
    "FACES",
    "SFACE_FILE",
    "SPECS",
    "YUNET_FILE",
    "YUNET_SFACE",
    "FaceAnalyser",
    "FaceQuality",
    "FoundFace",
    "ScriptedFaceAnalyser",
    "ScriptedFaceLook",
    "assess",
    "frontality",
]
