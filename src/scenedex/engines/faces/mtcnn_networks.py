"""The three networks of MTCNN, run by ONNX Runtime.

The package ``mtcnn`` brings their weights. Its code, which needs TensorFlow, is never imported.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scenedex.engines.engine import EngineUnavailable, find_in_package
from scenedex.engines.faces.onnx_graph import Graph
from scenedex.engines.networks import OnnxSession, session_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PROPOSED, REFINED, CONFIRMED = 12, 24, 48
"""Pixels a side of the windows in which the networks see a face."""

_PACKAGE = "mtcnn"
_MISSING = f"The weights of MTCNN are not installed: pip install {_PACKAGE}"
# The networks see (value - 127.5) / 128.
_MIDDLE, _RANGE = 127.5, 128.0
# Between the arrays of a file is their description, which ends with up to 16 bytes of 255 and, before them, their
# number.
_PADDING: Final = re.compile(b"b(?:" + b"|".join(bytes([n]) + b"\xff" * n for n in range(1, 17)) + b")", re.DOTALL)

_LAST_SIDE = 3  # of what the last convolution leaves of a window


@dataclass(frozen=True, slots=True)
class _Shape:
    """Shape of a network.

    Attributes:
        sha256: of its file.
        window: pixels a side of its pictures, `None` for any size.
        convolutions: filters, their side, and the side of the maximum that follows, with what happens at the edge.
        features: size of the layer after the convolutions, 0 without one.
        outputs: sizes of the outputs.
    """

    sha256: str
    window: int | None
    convolutions: tuple[tuple[int, int, tuple[int, str] | None], ...]
    features: int
    outputs: tuple[int, ...]


_PNET: Final = _Shape(
    "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5",
    None,
    ((10, 3, (2, "SAME_UPPER")), (16, 3, None), (32, 3, None)),
    0,
    (4, 2),
)
_RNET: Final = _Shape(
    "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee",
    REFINED,
    ((28, 3, (3, "SAME_UPPER")), (48, 3, (3, "VALID")), (64, 2, None)),
    128,
    (4, 2),
)
_ONET: Final = _Shape(
    "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3",
    CONFIRMED,
    ((32, 3, (3, "SAME_UPPER")), (64, 3, (3, "VALID")), (64, 3, (2, "SAME_UPPER")), (128, 2, None)),
    256,
    (4, 10, 2),
)


def packaged_weights() -> Path:
    """Return the folder of the package's weights.

    Raises:
        EngineUnavailable: the package is missing.
    """
    return find_in_package(_PACKAGE, "assets/weights", _MISSING)


class FaceNetworks:
    """Networks that propose, refine and confirm faces in pictures of floats 0-255 in RGB ``(n, 3, height, width)``.

    Args:
        folder: weights of the package, see `packaged_weights`.

    Raises:
        EngineUnavailable: its files are missing, or others than expected.
    """

    def __init__(self, folder: Path) -> None:
        self._proposing = _opened(folder / "pnet.lz4", _PNET)
        self._refining = _opened(folder / "rnet.lz4", _RNET)
        self._confirming = _opened(folder / "onet.lz4", _ONET)

    def propose(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return for every second place of a picture ``(5, rows, columns)``: four offsets and a logit.

        The offsets are those of the left, top, right and bottom of the window there, as shares of its side. The logit
        is that of a face.
        """
        return self._proposing.run(None, {"pixels": picture})[0][0]

    def refine(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return four offsets and a logit ``(n, 5)``, see `propose`, of windows of 24 pixels a side."""
        return self._refining.run(None, {"pixels": windows})[0]

    def confirm(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return four offsets, five x, five y, and a logit ``(n, 15)`` of windows of 48 pixels a side.

        x and y are shares of the side. The points are the eye on the left of the picture, the eye on the right, the
        nose, and the corners of the mouth.
        """
        return self._confirming.run(None, {"pixels": windows})[0]


def _opened(file: Path, shape: _Shape) -> OnnxSession:
    content = file.read_bytes() if file.is_file() else b""
    # The file is a pickle, of which only the numbers are read. Another version may have them in another order.
    if hashlib.sha256(content).hexdigest() != shape.sha256:
        raise EngineUnavailable(
            f"{_PACKAGE}/{file.name} is another file than expected: pip install '{_PACKAGE}==1.0.0'"
        )
    lz4: Any = importlib.import_module("lz4.frame")
    return session_of(_model(_Arrays(lz4.decompress(content)), shape), file.name, threads=1)


class _Arrays:
    """Arrays of a file, in its order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def next(self, *shape: int) -> NDArray[np.float32]:
        """Return the next array, which has this shape."""
        padding = _PADDING.search(self._data, self._place)
        assert padding is not None  # noqa: S101  # the file is known
        count = int(np.prod(shape))
        self._place = padding.end() + 4 * count
        return np.frombuffer(self._data, "<f4", count, padding.end()).reshape(shape)


def _model(arrays: _Arrays, shape: _Shape) -> bytes:
    graph = Graph()
    last, channels = "pixels", 3
    for count, side, pool in shape.convolutions:
        # The format of the file is that of Keras: rows, columns, channels, filters.
        filters, biases = arrays.next(side, side, channels, count).transpose(3, 2, 0, 1), arrays.next(count)
        if last == "pixels":
            biases = biases - filters.sum(axis=(1, 2, 3)) * np.float32(_MIDDLE / _RANGE)
            filters = filters / np.float32(_RANGE)
        last = graph.add("Conv", last, graph.constant(filters), graph.constant(biases))
        last = graph.add("PRelu", last, graph.constant(arrays.next(count, 1, 1)))
        if pool is not None:
            size, at_the_edge = pool
            last = graph.add("MaxPool", last, kernel_shape=[size, size], strides=[2, 2], auto_pad=at_the_edge)
        channels = count
    if shape.features:
        # Keras flattens columns, rows and channels in this order.
        last = graph.add("Flatten", graph.add("Transpose", last, perm=[0, 3, 2, 1]))
        inputs = channels * _LAST_SIDE**2
        last = graph.add(
            "Gemm",
            last,
            graph.constant(arrays.next(inputs, shape.features)),
            graph.constant(arrays.next(shape.features)),
        )
        last = graph.add("PRelu", last, graph.constant(arrays.next(shape.features)))
        channels = shape.features
    heads = [(arrays.next(channels, count), arrays.next(count)) for count in shape.outputs]
    # The last two outputs are logits of the absence and the presence of a face.
    heads[-1] = np.diff(heads[-1][0], axis=-1), np.diff(heads[-1][1])
    matrix, biases = (np.concatenate(parts, axis=-1) for parts in zip(*heads, strict=True))
    if shape.features:
        graph.add("Gemm", last, graph.constant(matrix), graph.constant(biases), output="found")
    else:
        graph.add("Conv", last, graph.constant(matrix.T[..., None, None]), graph.constant(biases), output="found")
    sizes: tuple[int | str, ...] = ("height", "width") if shape.window is None else (shape.window,) * 2
    places = ("rows", "columns") if shape.window is None else ()
    return graph.model(("pixels", ("pictures", 3, *sizes)), ("found", ("pictures", len(biases), *places)))
