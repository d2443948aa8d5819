"""Networks in ONNX files, run on the processor."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_ERRORS_ONLY = 3
_PICTURES = ("batch", "channel", "row", "column")


class FaceNetwork:
    """Face network with one input of pictures ``(1, 3, height, width)`` and named outputs of float32.

    Args:
        file: the ONNX file.
        outputs: names of the outputs, in the order of `run`. A single output may have any name.
        threads: threads of one call, 0 for one per processor.

    Raises:
        EngineUnavailable: the file is missing or is not such a network.
    """

    def __init__(self, file: Path, outputs: Sequence[str], *, threads: int) -> None:
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
            self._session: Any = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime has a class for every status and no common base
            raise EngineUnavailable(f"{file.name} is damaged: scenedex weights verify") from error
        inputs = self._session.get_inputs()
        given = [str(output.name) for output in self._session.get_outputs()]
        self._outputs = given if len(outputs) == len(given) == 1 else list(outputs)
        takes_pictures = len(inputs) == 1 and len(inputs[0].shape) == len(_PICTURES)
        if not takes_pictures or not set(self._outputs) <= set(given):
            raise EngineUnavailable(f"{file.name} is another network than expected: scenedex weights verify")
        self._input = str(inputs[0].name)
        self.input_shape: tuple[int | None, ...] = tuple(
            side if isinstance(side, int) else None for side in inputs[0].shape
        )
        """Batch, channels, height and width of the input, `None` for those that are open."""

    def run(self, pictures: NDArray[np.float32]) -> Sequence[NDArray[np.float32]]:
        """Return the outputs for pictures ``(1, 3, height, width)``."""
        return self._session.run(self._outputs, {self._input: np.ascontiguousarray(pictures)})
