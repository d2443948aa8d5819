"""Networks of PP-OCR in ONNX files."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_ERRORS_ONLY = 3


def bundled_weights() -> Path:
    """Return the folder of weights inside the wheel of rapidocr without importing its code.

    Raises:
        EngineUnavailable: rapidocr is not installed.
    """
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise EngineUnavailable("The package rapidocr is not installed: install scenedex with its dependencies.")
    return Path(spec.origin).parent / "models"


def load_network(file: Path, takes: Sequence[int | None], *, axes: int, threads: int) -> Any:  # noqa: ANN401  # untyped library
    """Open a session of onnxruntime for a network with one input of this shape, with `None` for any size.

    Args:
        file: the ONNX file.
        takes: shape of its input.
        axes: number of axes of its output.
        threads: threads to compute with, 0 for one per processor.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """
    if not file.is_file():
        raise EngineUnavailable(f"The weights are not complete, {file.name} is missing: scenedex weights pull")
    runtime: Any = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session: Any = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has a class for every status and no common base
        raise EngineUnavailable(f"{file.name} is damaged: scenedex weights verify") from error
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1 or not _fits(inputs[0].shape, takes) or len(outputs[0].shape) != axes:
        raise EngineUnavailable(f"{file.name} is another network than expected: scenedex weights verify")
    return session


def _fits(shape: Sequence[int | str | None], takes: Sequence[int | None]) -> bool:
    """Return whether a network accepts the shape. Its open sizes accept any, its fixed sizes no open one."""
    return len(shape) == len(takes) and all(
        not isinstance(side, int) or side == wanted for side, wanted in zip(shape, takes, strict=True)
    )
