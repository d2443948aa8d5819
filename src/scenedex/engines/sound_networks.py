"""Sound networks in ONNX files. Their inputs and outputs are checked before use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol, cast

import onnxruntime

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_ONLY_ERRORS = 3


class _Slot(Protocol):
    """Input or output as ONNX Runtime describes it. Sizes that may vary are names or `None`."""

    name: str
    shape: Sequence[object]
    type: str


class _Session(Protocol):
    def get_inputs(self) -> Sequence[_Slot]: ...

    def get_outputs(self) -> Sequence[_Slot]: ...

    def run(self, names: Sequence[str], values: Mapping[str, object]) -> Sequence[NDArray[np.float32]]: ...


class SoundNetwork:
    """Network from one array of floats to another.

    Args:
        path: the ONNX file.
        takes: name and shape of its input, with -1 for a size that may vary.
        gives: name and shape of its output, likewise.
        threads: threads to compute with, 0 for one per processor.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """

    def __init__(
        self, path: Path, *, takes: tuple[str, tuple[int, ...]], gives: tuple[str, tuple[int, ...]], threads: int = 0
    ) -> None:
        if not path.is_file():
            raise EngineUnavailable(f"The weights file {path.name} is missing from {path.parent}. Pull it again.")
        self._path = path
        self._session = _session(path, threads)
        self._input = self._checked("takes", self._session.get_inputs(), *takes)
        self._output = self._checked("gives", self._session.get_outputs(), *gives)

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the output for the values."""
        return self._session.run([self._output], {self._input: values})[0]

    def _checked(self, verb: str, slots: Sequence[_Slot], name: str, shape: tuple[int, ...]) -> str:
        slot = next((slot for slot in slots if slot.name == name), None)
        if slot is None or slot.type != "tensor(float)" or not _fits(slot.shape, shape):
            found = ", ".join(f"{slot.name} {list(slot.shape)} of {slot.type}" for slot in slots)
            raise EngineUnavailable(
                f"The weights file {self._path} is of another network: it {verb} {found or 'nothing'} "
                f"instead of {name} {list(shape)} of floats. Pull it again."
            )
        return name


def _session(path: Path, threads: int) -> _Session:
    # The library has no types.
    options = cast("Any", onnxruntime.SessionOptions())  # pyright: ignore[reportUnknownMemberType]  # as above
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    # Sounds differ in length, and an arena would keep the largest block of each.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ONLY_ERRORS
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors share no other base
        raise EngineUnavailable(f"{path.name} is damaged: scenedex weights verify") from error
    return cast("_Session", session)


def _fits(found: Sequence[object], wanted: tuple[int, ...]) -> bool:
    """Return whether a shape allows the wanted sizes. An open size of the file allows any."""
    if len(found) != len(wanted):
        return False
    return all(not isinstance(size, int) or want in {-1, size} for size, want in zip(found, wanted, strict=True))
