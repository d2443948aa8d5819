"""Tiny networks with the inputs and outputs of the networks for sound, and sounds for them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from scenedex.engines.fbank import RATE
from scenedex.engines.sounds import CED_FILE, CED_LABELS
from scenedex.engines.speakers import WESPEAKER_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx import NodeProto

OPSET = 14
NAMES = {
    0: "Speech",
    16: "Laughter",
    17: "Baby laughter",
    18: "Giggle",
    19: "Snicker",
    20: "Belly laugh",
    21: "Chuckle, chortle",
    63: "Clapping",
    67: "Applause",
    137: "Music",
    267: "Background music",
    268: "Theme music",
    270: "Soundtrack music",
}
MUSIC, LAUGHTER, APPLAUSE = 137, 16, 67


def write_wespeaker(folder: Path, *, dimension: int = 256, input_name: str = "feats") -> Path:
    """Write a network that mixes the deviation of each band over time at random: (B, T, 80) to (B, dimension)."""
    mixing = np.random.default_rng(7).normal(size=(80, dimension)).astype(np.float32)
    nodes = [
        helper.make_node("Mul", [input_name, input_name], ["squares"]),
        helper.make_node("ReduceMean", ["squares"], ["variance"], axes=[1], keepdims=0),
        helper.make_node("Sqrt", ["variance"], ["deviation"]),
        helper.make_node("MatMul", ["deviation", "mixing"], ["embs"]),
    ]
    path = folder / WESPEAKER_FILE
    _write(path, nodes, (input_name, ["B", "T", 80]), ("embs", ["B", dimension]), {"mixing": mixing})
    return path


def write_ced(folder: Path, *, hears: Mapping[int, int] | None = None, labels: int = 527, bands: int = 64) -> Path:
    """Write a network that maps (N, 64, T) to (N, 527). Each class in `hears` is certain if its band is loud."""
    weights = np.zeros((bands, labels), np.float32)
    bias = np.full(labels, -6, np.float32)
    for label, band in (hears or {}).items():
        weights[band, label] = 0.5
        bias[label] = 5
    nodes = [
        helper.make_node("ReduceMean", ["feats"], ["loudness"], axes=[2], keepdims=0),
        helper.make_node("MatMul", ["loudness", "weights"], ["weighed"]),
        helper.make_node("Add", ["weighed", "bias"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["prob"]),
    ]
    path = folder / CED_FILE
    takes, gives = ("feats", ["batch_size", bands, "time_dim"]), ("prob", ["batch_size", labels])
    _write(path, nodes, takes, gives, {"weights": weights, "bias": bias})
    write_labels(folder)
    return path


def write_labels(folder: Path, names: Mapping[int, str] = NAMES, count: int = 527) -> None:
    """Write the labels in the form in which they are published beside the network."""
    with (folder / CED_LABELS).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("index", "mid", "display_name"))
        rows.writerows((index, f"/m/{index}", names.get(index, f"Class {index}")) for index in range(count))


def _write(
    path: Path,
    nodes: Sequence[NodeProto],
    takes: tuple[str, Sequence[str | int]],
    gives: tuple[str, Sequence[str | int]],
    constants: Mapping[str, NDArray[np.float32]],
) -> None:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(takes[0], TensorProto.FLOAT, takes[1])],
        [helper.make_tensor_value_info(gives[0], TensorProto.FLOAT, gives[1])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    path.write_bytes(model.SerializeToString())


def tone(hertz: float, seconds: float, *, amplitude: int = 8_000) -> NDArray[np.int16]:
    """A sine."""
    times = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def silence(seconds: float) -> NDArray[np.int16]:
    """Nothing."""
    return np.zeros(round(seconds * RATE), np.int16)


def noise(seconds: float, *, amplitude: int = 3_000, seed: int = 1) -> NDArray[np.int16]:
    """White noise."""
    return (
        np.random.default_rng(seed).normal(0, amplitude, round(seconds * RATE)).clip(-32_768, 32_767).astype(np.int16)
    )


def voice(pitch: float, seconds: float, *, seed: int = 1) -> NDArray[np.int16]:
    """A hum with overtones and some breath."""
    times = np.arange(round(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * pitch * k * times) / k for k in range(1, 6))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * times)
    return (4_000 * hum * swell + noise(seconds, amplitude=50, seed=seed)).astype(np.int16)
