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


def test_declarations_of_engines_load_no_library() -> None:
    libraries = {"numpy", "dlib", "onnxruntime", "cv2", "faster_whisper"}

    assert loaded_with("scenedex.engines.registry", "scenedex.engines.selection") & libraries == set()


def test_the_command_line_loads_neither_the_queue_nor_the_database() -> None:
    assert loaded_with("scenedex.cli") & {"procrastinate", "psycopg", "litestar"} == set()
