"""Loading the implementation that was chosen, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.faces.names import DLIB, SFACE_FILE, YUNET_FILE, YUNET_SFACE

if TYPE_CHECKING:
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.faces.port import FaceAnalyser


def open_faces(choice: EngineChoice, *, threads: int = 0) -> FaceAnalyser:
    """Loads an analyser of faces.

    Args:
        choice: which one, and where its weights lie.
        threads: that one call may use; 0 means as many as there are processors.

    Raises:
        EngineUnavailable: there is no such engine in this version, or its weights are missing or damaged.
    """
    if choice.engine == DLIB:
        from scenedex.engines.faces.dlib_faces import DlibFaceAnalyser, bundled_weights  # noqa: PLC0415  # heavy

        return DlibFaceAnalyser(bundled_weights())
    if choice.engine == YUNET_SFACE:
        from scenedex.engines.faces.yunet_sface import YunetSfaceAnalyser  # noqa: PLC0415  # heavy

        if choice.folder is None:
            raise EngineUnavailable(f"The weights {choice.weights} are not there: scenedex weights pull yunet-sface")
        folder = Path(choice.folder)
        return YunetSfaceAnalyser(folder / YUNET_FILE, folder / SFACE_FILE, threads=threads)
    raise EngineUnavailable(
        f"This version finds faces with {_told(DLIB.name, DLIB.version)} or "
        f"{_told(YUNET_SFACE.name, YUNET_SFACE.version)}, not with {_told(choice.name, choice.version)} "
        f"and the weights {choice.weights}: run the same version of scenedex everywhere."
    )


def _told(name: str, version: str) -> str:
    return f"{name} (version {version})"
