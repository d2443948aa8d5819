"""Modules that processes do not import."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"av", "PIL", "pillow_heif", "numpy", "scenedex.media", "scenedex.engines", "scenedex.analysis.stages"}


def loaded_with(*modules: str) -> set[str]:
    """Return the names of all modules that a process has loaded after importing these."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


def test_the_api_process_loads_no_decoder_and_no_engine() -> None:
    assert loaded_with("scenedex.app", "scenedex.wiring") & HEAVY == set()


def test_the_package_of_faces_loads_no_network_library() -> None:
    assert loaded_with("scenedex.engines.faces") & {"dlib", "onnxruntime", "cv2"} == set()
