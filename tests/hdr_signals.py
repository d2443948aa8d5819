"""Signals of HDR10+ and Dolby Vision, added to films of HEVC that PyAV writes."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
import struct
from typing import Final

import av

_PREFIX_SEI: Final = b"\x4e\x01"
_T35: Final = 4


def with_hdr10_plus(data: bytes) -> bytes:
    """The film with dynamic metadata before each picture. Source: SMPTE ST 2094-40, CTA-861."""
    out = io.BytesIO()
    payload = b"\xb5\x00\x3c\x00\x01\x04\x01" + _bits(
        [(1, 2), (400, 27), (0, 1), (10_000, 17), (10_000, 17), (10_000, 17), (1000, 17), (9, 4)]
        + [part for share in (1, 5, 10, 25, 50, 75, 90, 95, 99) for part in ((share, 7), (share * 100, 17))]
        + [(0, 10), (0, 1), (0, 1), (0, 1)]
    )
    unit = _PREFIX_SEI + _escaped(bytes([_T35, len(payload)]) + payload + b"\x80")
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="mov") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size == 0:
                continue
            made = av.Packet(struct.pack(">I", len(unit)) + unit + bytes(packet))
            made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
            made.is_keyframe = packet.is_keyframe
            made.stream = stream
            target.mux(made)
    return out.getvalue()


def with_dolby_vision(data: bytes, compatibility: int) -> bytes:
    """The film with a box that declares profile 8. Its pictures stay those of the base layer."""
    # Version 1.0, profile 8, level 5, with metadata and a base layer, but no layer of enhancement.
    content = bytes([1, 0, 8 << 1, 5 << 3 | 0b101, compatibility << 4]) + bytes(19)
    box = struct.pack(">I4s", 8 + len(content), b"dvvC") + content
    entry = max(data.find(b"hvc1"), data.find(b"hev1"))
    made = bytearray(data)
    at = entry - 4
    path = [at, *(made.rfind(name, 0, at) - 4 for name in (b"stsd", b"stbl", b"minf", b"mdia", b"trak", b"moov"))]
    assert made.find(b"mdat") < path[-1], "the pictures must precede the headers"
    size = int.from_bytes(made[at : at + 4], "big")
    made[at + size : at + size] = box
    for place in path:
        struct.pack_into(">I", made, place, int.from_bytes(made[place : place + 4], "big") + len(box))
    return bytes(made)


def _bits(fields: list[tuple[int, int]]) -> bytes:
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


def _escaped(data: bytes) -> bytes:
    """Bytes with 3 between two zeros and a small byte, as units of HEVC have them."""
    out = bytearray()
    for byte in data:
        if bytes(out[-2:]) == b"\0\0" and byte <= 3:
            out.append(3)
        out.append(byte)
    return bytes(out)
