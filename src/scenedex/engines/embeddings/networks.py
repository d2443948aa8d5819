"""Adapter to the library that runs networks in ONNX files, on the processor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import onnxruntime

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_ERRORS_ONLY = 3


class _Port(Protocol):
    name: str
    shape: list[int | str | None]


class _Options(Protocol):
    intra_op_num_threads: int
    inter_op_num_threads: int
    enable_cpu_mem_arena: bool
    log_severity_level: int


class _Session(Protocol):
    def get_inputs(self) -> Sequence[_Port]: ...

    def get_outputs(self) -> Sequence[_Port]: ...

    def run(
        self, output_names: Sequence[str], input_feed: Mapping[str, NDArray[np.generic]]
    ) -> Sequence[NDArray[np.float32]]: ...


class Network:
    """Network with named inputs and outputs.

    Args:
        file: the ONNX file.
        inputs: names of inputs that it must have.
        output: name of the output to compute, `None` for its first.
        threads: threads of one run, 0 for one per core.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """

    def __init__(self, file: Path, *, inputs: Sequence[str], output: str | None, threads: int = 0) -> None:
        if not file.is_file():
            raise EngineUnavailable(f"{file.parent.name}/{file.name} is missing: scenedex weights pull")
        self._session = _open(file, threads)
        taken = {port.name: port for port in self._session.get_inputs()}
        given = {port.name: port for port in self._session.get_outputs()}
        if not set(inputs) <= set(taken) or (output is not None and output not in given):
            raise EngineUnavailable(
                f"{file.name} is another network: it takes {', '.join(taken)} and gives {', '.join(given)}."
            )
        self._output = next(iter(given)) if output is None else output
        self.inputs = frozenset(taken)
        self.output_shape = tuple(given[self._output].shape)

    def run(self, feeds: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
        """Return the output for these inputs."""
        (made,) = self._session.run([self._output], feeds)
        return made


def _open(file: Path, threads: int) -> _Session:
    options = cast("_Options", onnxruntime.SessionOptions())  # pyright: ignore[reportUnknownMemberType]  # untyped library
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena keeps the maximum that any run needed, and several networks share one process of bounded memory.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS_ONLY
    try:
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # The library has an exception class for each fault of a file.
        raise EngineUnavailable(f"{file.name} is damaged: scenedex weights verify") from error
    return cast("_Session", session)


def last_dimension(network: Network, file: Path) -> int:
    """Return the fixed size of the last axis of a network's output.

    Raises:
        EngineUnavailable: the network does not fix it.
    """
    size = network.output_shape[-1] if network.output_shape else None
    if not isinstance(size, int):
        raise EngineUnavailable(f"{file.name} is another network: the length of its vectors is not fixed.")
    return size
