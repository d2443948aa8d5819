"""Networks as graphs of ONNX, from weights that other libraries keep in formats of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tensor = tuple[str, tuple[int | str, ...]]

_OPSET, _IR_VERSION = 17, 9


class Graph:
    """Graph under construction. Each method adds an operation or a constant and returns the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, operation: str, *inputs: str, output: str = "", **attributes: object) -> str:
        """Add an operation of ONNX. Without a name, its output gets one."""
        name = output or f"{operation}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, list(inputs), [name], **attributes))  # pyright: ignore[reportArgumentType]  # its types are of str
        return name

    def constant(self, values: NDArray[np.generic]) -> str:
        """Add a constant."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def model(self, given: Tensor, made: Tensor) -> bytes:
        """Return the graph as the content of an ONNX file. Its input and its output have a name and a shape each.

        Sizes that may vary are names.
        """
        graph = helper.make_graph(
            self._nodes,
            "faces",
            [helper.make_tensor_value_info(given[0], TensorProto.FLOAT, given[1])],
            [helper.make_tensor_value_info(made[0], TensorProto.FLOAT, made[1])],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        return model.SerializeToString()
