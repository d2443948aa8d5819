"""Faces: their places in a picture, a vector of each, and its quality.

The faces stage opens one `FaceAnalyser` and gives it stills. Analysers know no films, tracks or persons. `quality`
rates faces without any network. Importing this package loads no network library.
"""

from scenedex.engines.faces.port import DLIB, FACES, SFACE_FILE, SPECS, YUNET_FILE, YUNET_SFACE, FaceAnalyser, FoundFace

__all__ = ["DLIB", "FACES", "SFACE_FILE", "SPECS", "YUNET_FILE", "YUNET_SFACE", "FaceAnalyser", "FoundFace"]
