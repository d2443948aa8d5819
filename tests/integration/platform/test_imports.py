"""Modules that processes do not import."""

from __future__ import annotations

import subprocess
import sys

LIBRARIES = {"numpy", "dlib", "onnxruntime", "cv2", "faster_whisper"}
HEAVY = {"av", "PIL", "pillow_heif", "scenedex.media", "scenedex.analysis.stages", *LIBRARIES}


def loaded_with(*modules: str) -> set[str]:
    """Return the names of all modules that a process has loaded after importing these."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


def test_the_api_process_loads_no_decoder_and_no_library_of_an_engine() -> None:
    assert loaded_with("scenedex.app", "scenedex.wiring") & HEAVY == set()


def test_declarations_of_engines_load_no_library() -> None:
    assert loaded_with("scenedex.engines.registry", "scenedex.engines.selection") & LIBRARIES == set()


def test_the_command_line_loads_neither_the_queue_nor_the_database() -> None:
    assert loaded_with("scenedex.cli") & {"procrastinate", "psycopg", "litestar"} == set()
