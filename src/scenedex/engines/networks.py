"""Networks in ONNX files, run on the processor. Their inputs and outputs are checked before use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol, cast

import onnxruntime

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_ONLY_ERRORS = 3


class _Slot(Protocol):
    """Input or output as ONNX Runtime describes it. Sizes that may vary are names or `None`."""

    name: str
    shape: Sequence[int | str | None]
    type: str


class OnnxSession(Protocol):
    """Loaded network of ONNX Runtime."""

    get_inputs: Callable[[], Sequence[_Slot]]
    get_outputs: Callable[[], Sequence[_Slot]]
    get_modelmeta: Callable[[], Any]
    run: Callable[[Sequence[str] | None, Mapping[str, NDArray[np.generic]]], Sequence[NDArray[np.float32]]]


def open_session(file: Path, *, threads: int) -> OnnxSession:
    """Load a network from an ONNX file.

    Args:
        file: its path.
        threads: threads of one run, 0 for one per core.

    Raises:
        EngineUnavailable: the file is missing or damaged.
    """
    if not file.is_file():
        raise EngineUnavailable(f"{file.parent.name}/{file.name} is missing: scenedex weights pull")
    return session_of(str(file), file.name, threads=threads)


def session_of(model: str | bytes, name: str, *, threads: int) -> OnnxSession:
    """Load a network from the path of an ONNX file or from its content.

    Args:
        model: path or content.
        name: name of the file, for errors.
        threads: threads of one run, 0 for one per core.

    Raises:
        EngineUnavailable: the network is damaged.
    """
    options = cast("Any", onnxruntime.SessionOptions())  # pyright: ignore[reportUnknownMemberType]  # untyped library
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena keeps the maximum that any run needed, and several networks share one process of bounded memory.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ONLY_ERRORS
    # Idle threads would keep a processor busy that another stage needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library has a class for each fault of a file and no common base
        raise EngineUnavailable(f"{name} is damaged: scenedex weights verify") from error
    return cast("OnnxSession", session)


def open_picture_network(file: Path, shape: Sequence[int | None], *, axes: int, threads: int) -> OnnxSession:
    """Load a network from pictures of a shape, see `fits`, to one output of so many axes.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """
    session = open_session(file, threads=threads or os.cpu_count() or 1)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1 or not fits(inputs[0].shape, shape) or len(outputs[0].shape) != axes:
        raise other_network(file)
    return session


def other_network(file: Path) -> EngineUnavailable:
    """Return the error of a file with another network."""
    return EngineUnavailable(f"{file.name} is another network than expected: scenedex weights verify")


def fits(found: Sequence[object], wanted: Sequence[int | None]) -> bool:
    """Return whether a shape in a file allows sizes: a number, -1 for any one, `None` for varying ones.

    A size that is open in the file allows all of them.
    """
    return len(found) == len(wanted) and all(
        not isinstance(size, int) or want in {-1, size} for size, want in zip(found, wanted, strict=True)
    )


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

    def __init__(self, file: Path, *, inputs: Sequence[str], output: str | None, threads: int) -> None:
        self._session = open_session(file, threads=threads)
        taken = [slot.name for slot in self._session.get_inputs()]
        given = {slot.name: slot for slot in self._session.get_outputs()}
        if not set(inputs) <= set(taken) or (output is not None and output not in given):
            raise EngineUnavailable(
                f"{file.name} is another network: it takes {', '.join(taken)} and gives {', '.join(given)}."
            )
        self._file = file
        self._output = next(iter(given)) if output is None else output
        self.inputs = frozenset(taken)
        self.output_shape = tuple(given[self._output].shape)

    @property
    def dimension(self) -> int:
        """Fixed size of the last axis of the output.

        Raises:
            EngineUnavailable: the network does not fix it.
        """
        size = self.output_shape[-1] if self.output_shape else None
        if not isinstance(size, int):
            raise EngineUnavailable(f"{self._file.name} is another network: the length of its vectors is not fixed.")
        return size

    def run(self, feeds: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
        """Return the output for these inputs."""
        (made,) = self._session.run([self._output], feeds)
        return made


class SoundNetwork:
    """Network from one array of floats to another.

    Args:
        file: the ONNX file.
        takes: name and shape of its input, see `fits`.
        gives: name and shape of its output.
        threads: threads to compute with, 0 for one per processor.

    Raises:
        EngineUnavailable: the file is missing, damaged, or of another network.
    """

    def __init__(
        self, file: Path, *, takes: tuple[str, tuple[int, ...]], gives: tuple[str, tuple[int, ...]], threads: int
    ) -> None:
        self._session = open_session(file, threads=threads or os.cpu_count() or 1)
        self._input, self._output = takes[0], gives[0]
        for verb, slots, (name, shape) in (
            ("takes", self._session.get_inputs(), takes),
            ("gives", self._session.get_outputs(), gives),
        ):
            slot = next((slot for slot in slots if slot.name == name), None)
            if slot is None or slot.type != "tensor(float)" or not fits(slot.shape, shape):
                found = ", ".join(f"{slot.name} {list(slot.shape)} of {slot.type}" for slot in slots)
                raise EngineUnavailable(
                    f"The weights file {file} is of another network: it {verb} {found or 'nothing'} "
                    f"instead of {name} {list(shape)} of floats. Pull it again."
                )

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the output for the values."""
        return self._session.run([self._output], {self._input: values})[0]
