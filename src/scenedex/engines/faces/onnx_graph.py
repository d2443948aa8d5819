"""Networks as graphs of ONNX, from weights that other libraries keep in formats of their own.

Writes the messages of Protocol Buffers itself, since importing the library and copying the weights take longer than the
first picture. Source of the numbers of fields and types: onnx.proto of ONNX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Tensor = tuple[str, tuple[int | str, ...]]

_OPSET, _IR_VERSION = 17, 9
_FLOAT: Final = 1
_TYPES: Final = {"float32": _FLOAT, "int64": 7}
_BYTES: Final = 2
_64_BITS: Final = (1 << 64) - 1
_MORE: Final = 0x80


class Graph:
    """Graph under construction. Each method adds an operation or a constant and returns the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def add(self, operation: str, *inputs: str, output: str = "", **attributes: str | Sequence[int]) -> str:
        """Add an operation of ONNX. Without a name, its output gets one."""
        name = output or f"{operation}{len(self._nodes)}"
        self._nodes.append(
            b"".join(
                (
                    *(_text(1, source) for source in inputs),
                    _text(2, name),
                    _text(4, operation),
                    *(_message(5, _attribute(key, value)) for key, value in attributes.items()),
                )
            )
        )
        return name

    def constant(self, values: NDArray[np.generic]) -> str:
        """Add a constant of 32-bit floats or 64-bit integers."""
        name = f"constant{len(self._constants)}"
        content = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
        sides = b"".join(_number(1, side) for side in values.shape)
        start = b"".join((sides, _number(2, _TYPES[values.dtype.name]), _text(8, name), _head(9, len(content))))
        self._constants += (_head(5, len(start) + len(content)) + start, content)
        return name

    def model(self, given: Tensor, made: Tensor) -> bytes:
        """Return the graph as the content of an ONNX file. Its input and its output have a name and a shape each.

        Sizes that may vary are names.
        """
        parts = [
            *(_message(1, node) for node in self._nodes),
            _text(2, "faces"),
            *self._constants,
            _message(11, _floats(given)),
            _message(12, _floats(made)),
        ]
        # The weights are copied once.
        head = _head(7, sum(map(len, parts)))
        return b"".join((_number(1, _IR_VERSION), _message(8, _number(2, _OPSET)), head, *parts))


def _attribute(name: str, value: str | Sequence[int]) -> bytes:
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, 3)
    return b"".join((_text(1, name), *(_number(8, one) for one in value), _number(20, 7)))


def _floats(tensor: Tensor) -> bytes:
    """Return the name and the type of an input or output of 32-bit floats."""
    name, shape = tensor
    sides = b"".join(_message(1, _text(2, side) if isinstance(side, str) else _number(1, side)) for side in shape)
    return _text(1, name) + _message(2, _message(1, _number(1, _FLOAT) + _message(2, sides)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value & _64_BITS)


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _message(field: int, content: bytes) -> bytes:
    return _head(field, len(content)) + content


def _head(field: int, length: int) -> bytes:
    """Return what precedes a content of so many bytes."""
    return _varint(field << 3 | _BYTES) + _varint(length)


def _varint(value: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while value >= _MORE:
        groups.append(value & (_MORE - 1) | _MORE)
        value >>= 7
    groups.append(value)
    return bytes(groups)
