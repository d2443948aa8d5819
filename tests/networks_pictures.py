"""Tiny random networks with the inputs, outputs and file names of the real ones for pictures, texts and objects."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

DIMENSION: Final = 24
WORDS: Final = (
    "this is a photo of red blue green picture dog cat sky man plays guitar somebody makes music market fell sharply"
    " today query passage one two three four five six seven eight nine ten"
)
_REAL = Path(os.environ.get("SCENEDEX_TEST_WEIGHTS") or Path(__file__).parents[2] / "shared" / "models")


def real_weights(name: str) -> Path:
    """Return the folder or file of real weights, or skip the test if it is absent."""
    path = _REAL / name
    if not path.exists():
        pytest.skip(f"needs the real weights {name}: set SCENEDEX_TEST_WEIGHTS")
    return path


def write_siglip(folder: Path) -> Path:
    """Write SigLIP 2: an image half that encodes mean colours, a text half that counts words, and a tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    _write(
        folder / "vision_model.onnx",
        [
            helper.make_node("ReduceMean", ["pixel_values", "axes"], ["means"], keepdims=0),
            helper.make_node("MatMul", ["means", "mix"], ["mixed"]),
            helper.make_node("Add", ["mixed", "shift"], ["pooler_output"]),
        ],
        {"pixel_values": (TensorProto.FLOAT, ["batch", 3, 224, 224])},
        {"pooler_output": ["batch", DIMENSION]},
        {
            "axes": np.array([2, 3], np.int64),
            "mix": random.normal(size=(3, DIMENSION)).astype(np.float32),
            "shift": random.normal(size=DIMENSION).astype(np.float32) / 10,
        },
    )
    _write(
        folder / "text_model.onnx",
        [
            helper.make_node("Gather", ["table", "input_ids"], ["looked_up"]),
            helper.make_node("ReduceSum", ["looked_up", "axes"], ["pooler_output"], keepdims=0),
        ],
        {"input_ids": (TensorProto.INT64, ["batch", 64])},
        {"pooler_output": ["batch", DIMENSION]},
        {"axes": np.array([1], np.int64), "table": _table(random)},
    )
    _write_tokenizer(folder / "tokenizer.json", before=(), after=("<eos>",))
    return folder


def write_sentences(folder: Path, *, has_token_types: bool) -> Path:
    """Write a network of the MiniLM layout whose tokens keep the vectors of their words, and a tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = {name: (TensorProto.INT64, ["batch", "length"]) for name in ("input_ids", "attention_mask")}
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["looked_up"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "axes"], ["wide_mask"]),
        helper.make_node("Mul", ["looked_up", "wide_mask"], ["masked"]),
    ]
    constants = {"axes": np.array([2], np.int64), "table": _table(np.random.default_rng(2))}
    if has_token_types:
        taken["token_type_ids"] = (TensorProto.INT64, ["batch", "length"])
        constants["kinds"] = np.zeros((2, DIMENSION), np.float32)
        nodes.append(helper.make_node("Gather", ["kinds", "token_type_ids"], ["kind"]))
        nodes.append(helper.make_node("Add", ["masked", "kind"], ["last_hidden_state"]))
    else:
        nodes.append(helper.make_node("Identity", ["masked"], ["last_hidden_state"]))
    given: dict[str, Sequence[int | str]] = {"last_hidden_state": ["batch", "length", DIMENSION]}
    _write(folder / "model_quantized.onnx", nodes, taken, given, constants)
    _write_tokenizer(folder / "tokenizer.json", before=("<bos>",), after=("<eos>",))
    return folder


def write_fastestdet(folder: Path) -> Path:
    """Write FastestDet with random weights, whose findings are arbitrary."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    _write(
        folder / "fastestdet-coco80.onnx",
        [
            helper.make_node("Conv", ["input.1", "kernel"], ["seen"], strides=[16, 16], kernel_shape=[16, 16]),
            helper.make_node("Sigmoid", ["seen"], ["758"]),
        ],
        {"input.1": (TensorProto.FLOAT, [1, 3, 352, 352])},
        {"758": [1, 85, 22, 22]},
        {"kernel": (random.normal(size=(85, 3, 16, 16)) / 8).astype(np.float32)},
    )
    return folder


def _table(random: np.random.Generator) -> NDArray[np.float32]:
    table = random.normal(size=(len(_vocabulary()), DIMENSION)).astype(np.float32)
    # Padding and special tokens say nothing.
    table[:4] = 0
    return table


def _vocabulary() -> dict[str, int]:
    words = ["<pad>", "<bos>", "<eos>", "<unk>", ":", ".", *WORDS.split()]
    return {word: number for number, word in enumerate(dict.fromkeys(words))}


def _write_tokenizer(file: Path, *, before: Sequence[str], after: Sequence[str]) -> None:
    vocabulary = _vocabulary()
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[*before, "$A", *after], special_tokens=[(token, vocabulary[token]) for token in (*before, *after)]
    )
    # As in real files: padding and truncation that suit training.
    tokenizer.enable_padding(length=128)  # pyright: ignore[reportUnknownMemberType]  # its stub is partial
    tokenizer.enable_truncation(128)  # pyright: ignore[reportUnknownMemberType]  # as above
    tokenizer.save(str(file))


def _write(
    file: Path,
    nodes: Sequence[onnx.NodeProto],
    taken: Mapping[str, tuple[int, Sequence[int | str]]],
    given: Mapping[str, Sequence[int | str]],
    constants: Mapping[str, NDArray[np.generic]],
) -> None:
    graph = helper.make_graph(
        nodes,
        file.stem,
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in taken.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in given.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    file.write_bytes(model.SerializeToString())
