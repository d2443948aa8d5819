"""Small networks with the inputs and outputs of YuNet and SFace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from scenedex.engines.faces import SFACE_FILE, YUNET_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 640
STRIDES = (8, 16, 32)
HEADS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
# Eyes, nose and corners of the mouth from the corner of the cell, in cells.
POINTS = np.array([[-0.5, -0.5], [1.5, -0.5], [0.5, 0.5], [-0.2, 1.2], [1.2, 1.2]], np.float32)


def write_face_networks(folder: Path, *, seed: int | None = None, strides: tuple[int, ...] = (16,)) -> None:
    """Write both files.

    The detector sees a face of 4 cells a side wherever a cell is red, at these strides. With a seed it is random.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _save(_yunet(seed, strides), folder / YUNET_FILE)
    _save(_sface(7 if seed is None else seed), folder / SFACE_FILE)


def write_other_network(file: Path) -> None:
    """Write an identity network, which is neither of the two."""
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, SIDE, SIDE]) for name in ("input", "output")]
    node = helper.make_node("Identity", ["input"], ["output"])
    _save(helper.make_graph([node], "other", value[:1], value[1:]), file)


def _yunet(seed: int | None, strides: tuple[int, ...]) -> onnx.GraphProto:
    picture = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    nodes: list[onnx.NodeProto] = []
    weights: list[onnx.TensorProto] = []
    outputs: list[onnx.ValueInfoProto] = []
    for stride in STRIDES:
        cells = (SIDE // stride) ** 2
        nodes.append(
            helper.make_node(
                "AveragePool", ["input"], [f"mean_{stride}"], kernel_shape=[stride, stride], strides=[stride, stride]
            )
        )
        for head, channels in HEADS.items():
            name = f"{head}_{stride}"
            kernel, bias = _head(head, is_on=stride in strides) if seed is None else _random(seed, channels)
            weights += [
                numpy_helper.from_array(kernel, f"kernel_{name}"),
                numpy_helper.from_array(bias, f"bias_{name}"),
                numpy_helper.from_array(np.array([1, cells, channels], np.int64), f"shape_{name}"),
            ]
            nodes.append(
                helper.make_node("Conv", [f"mean_{stride}", f"kernel_{name}", f"bias_{name}"], [f"map_{name}"])
            )
            source = f"map_{name}"
            if channels == 1:
                nodes.append(helper.make_node("Sigmoid", [source], [f"sure_{name}"]))
                source = f"sure_{name}"
            nodes.append(helper.make_node("Transpose", [source], [f"last_{name}"], perm=[0, 2, 3, 1]))
            nodes.append(helper.make_node("Reshape", [f"last_{name}", f"shape_{name}"], [name]))
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, cells, channels]))
    return helper.make_graph(nodes, "yunet", [picture], outputs, weights)


def _head(head: str, *, is_on: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    channels = HEADS[head]
    kernel = np.zeros((channels, 3, 1, 1), np.float32)
    if head == "cls":
        kernel[0, :, 0, 0] = (-0.1, -0.1, 0.1)  # blue, green, red
        return kernel, np.array([-20], np.float32)
    if head == "obj":
        return kernel, np.array([4 if is_on else -9], np.float32)
    if head == "bbox":
        return kernel, np.array([0.5, 0.5, np.log(4), np.log(4)], np.float32)
    return kernel, POINTS.reshape(-1).copy()


def _random(seed: int, channels: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    chance = np.random.default_rng((seed, channels))
    kernel = chance.normal(0, 0.02, (channels, 3, 1, 1)).astype(np.float32)
    return kernel, chance.normal(0, 1, channels).astype(np.float32)


def _sface(seed: int) -> onnx.GraphProto:
    chance = np.random.default_rng(seed)
    data = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])
    vector = helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, 128])
    weights = [
        numpy_helper.from_array(chance.normal(0, 0.01, (128, 3 * 14 * 14)).astype(np.float32).T.copy(), "weight"),
        numpy_helper.from_array(chance.normal(0, 0.01, 128).astype(np.float32), "bias"),
    ]
    nodes = [
        helper.make_node("AveragePool", ["data"], ["small"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Flatten", ["small"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weight", "bias"], ["fc1"]),
    ]
    return helper.make_graph(nodes, "sface", [data], [vector], weights)


def _save(graph: onnx.GraphProto, file: Path) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    file.write_bytes(model.SerializeToString())
