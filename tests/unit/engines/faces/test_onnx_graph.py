"""Graphs that are written without the library of ONNX, as it reads them."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from scenedex.engines.faces.onnx_graph import Graph
from scenedex.engines.networks import session_of


def _averaging() -> bytes:
    """Return a network that triples the means of 2 x 2 pixels."""
    graph = Graph()
    means = graph.add("AveragePool", "pixels", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    graph.add("Mul", means, graph.constant(np.full((1, 300, 1, 1), 3, np.float32)), output="tripled")
    return graph.model(("pixels", ("pictures", 300, 4, "columns")), ("tripled", ("pictures", 300, 2, "columns")))


def test_the_library_finds_no_fault() -> None:
    model = onnx.load_from_string(_averaging())

    onnx.checker.check_model(model, full_check=True)  # pyright: ignore[reportUnknownMemberType]  # partly untyped
    assert model.opset_import[0].version == 17
    assert [side.dim_param or side.dim_value for side in model.graph.input[0].type.tensor_type.shape.dim] == [
        "pictures",
        300,
        4,
        "columns",
    ]


def test_a_network_computes() -> None:
    pixels = np.arange(2 * 300 * 16, dtype=np.float32).reshape(2, 300, 4, 4)

    tripled = session_of(_averaging(), "averaging", threads=1).run(None, {"pixels": pixels})[0]

    assert np.allclose(tripled, 3 * pixels.reshape(2, 300, 2, 2, 2, 2).mean(axis=(3, 5)))


def test_integers_keep_their_sign_and_order() -> None:
    graph = Graph()
    numbers = np.array([[-1, 2**40], [0, 300]], np.int64)
    name = graph.constant(numbers.T)
    graph.add("Transpose", name, output="turned", perm=[1, 0])
    model = onnx.load_from_string(graph.model(("unused", (1,)), ("turned", (2, 2))))

    (constant,) = model.graph.initializer
    assert np.array_equal(numpy_helper.to_array(constant), numbers.T)
    assert list(model.graph.node[0].attribute[0].ints) == [1, 0]
