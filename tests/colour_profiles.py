"""Small ICC profiles: three primaries and a power, or a power of grey. Source: ICC.1:2001-04."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Primaries as columns of XYZ of D50, as profiles have them.
DISPLAY_P3: Final = np.array([[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]])
ADOBE_RGB: Final = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
SRGB: Final = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])
_D50: Final = (0.9642, 1.0, 0.8249)


def rgb_profile(primaries: NDArray[np.float64], gamma: float = 2.2, name: str = "wide") -> bytes:
    """A profile of a display."""
    tags = [(b"desc", _description(name)), (b"wtpt", _xyz(_D50))]
    tags += [(kind, _xyz(tuple(primaries[:, column]))) for column, kind in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))]
    tags += [(kind, _curve(gamma)) for kind in (b"rTRC", b"gTRC", b"bTRC")]
    return _profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    """A profile of grey pictures."""
    return _profile(b"GRAY", [(b"desc", _description("grey")), (b"wtpt", _xyz(_D50)), (b"kTRC", _curve(gamma))])


def in_profile(sdr: NDArray[np.int_], primaries: NDArray[np.float64], gamma: float = 2.2) -> NDArray[np.uint8]:
    """Values of a profile for colours of sRGB."""
    codes = sdr / 255
    light = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    shown = light @ SRGB.T @ np.linalg.inv(primaries).T
    return np.round(255 * np.clip(shown, 0, 1) ** (1 / gamma)).astype(np.uint8)


def _profile(space: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    table, blocks = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for kind, block in tags:
        table += kind + struct.pack(">II", start + len(blocks), len(block))
        blocks += block + bytes(-len(block) % 4)
    size = start + len(blocks)
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x02400000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", *(round(value * 65536) for value in _D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + blocks


def _description(name: str) -> bytes:
    text = name.encode() + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def _curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
