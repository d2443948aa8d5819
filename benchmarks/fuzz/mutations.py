"""Ways to break a file. Pure: bytes and a seeded source of chance in, other bytes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.fuzz.structure import Family, Part, parts_of, replaced, with_checksums, written_length

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

_HEADERS = 4096
_LONGEST_HEADER_PART = 8192
_FIELDS_WITHIN = 120
_EXTREMES = (
    0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x00FFFFFF, 0x3FFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
    0xFFFFFFFE, 1 << 40, (1 << 56) - 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1,
)  # fmt: skip
_ODD_LENGTHS = (0, 1, 2, 7, 8, 1 << 31, (1 << 31) - 1, (1 << 32) - 1, (1 << 62) - 1, -1, -8)
# Pictures and sound, of which there is too much to hit what matters.
_PAYLOAD = frozenset({b"mdat", b"IDAT", b"VP8 ", b"VP8L", b"\xa3", b"\xa1", b"\xff\xda"})


@dataclass(frozen=True, slots=True)
class Sample:
    """A file that is to be broken, and another of the same family to mix it with."""

    data: bytes
    family: Family
    other: bytes


def bits_few(sample: Sample, chance: Random) -> bytes:
    """One to eight bits, two thirds of them in the headers at either end."""
    out = bytearray(sample.data)
    for _ in range(chance.randint(1, 8)):
        near = chance.randrange(min(_HEADERS, len(out)))
        at = chance.choice((near, len(out) - 1 - near, chance.randrange(len(out))))
        out[at] ^= 1 << chance.randrange(8)
    return bytes(out)


def bits_many(sample: Sample, chance: Random) -> bytes:
    """A bit in one of 2000 to one of 20 bytes, anywhere."""
    out = bytearray(sample.data)
    for _ in range(max(1, int(len(out) / chance.uniform(20, 2000)))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def truncated(sample: Sample, chance: Random) -> bytes:
    """Cut off, at the end more often than elsewhere, and sometimes at the beginning."""
    size = len(sample.data)
    kept = chance.choice((chance.randrange(size), size - 1 - chance.randrange(min(64, size)), chance.randrange(64)))
    return sample.data[-kept:] if chance.random() < 0.1 and kept else sample.data[:kept]


def blanked(sample: Sample, chance: Random) -> bytes:
    """Some ranges all zeros or ones."""
    out = bytearray(sample.data)
    for _ in range(chance.randint(1, 3)):
        at = chance.choice((chance.randrange(len(out)), chance.randrange(min(_HEADERS, len(out)))))
        length = min(len(out) - at, 1 << chance.randrange(1, 14))
        out[at : at + length] = chance.choice((b"\x00", b"\xff")) * length
    return bytes(out)


def junk(sample: Sample, chance: Random) -> bytes:
    """Bytes that mean nothing, at the end or in between."""
    new = chance.choice((chance.randbytes(1 << chance.randrange(14)), sample.other[: 1 << chance.randrange(6, 16)]))
    at = len(sample.data) if chance.random() < 0.5 else chance.randrange(len(sample.data))
    return sample.data[:at] + new + sample.data[at:]


def spliced(sample: Sample, chance: Random) -> bytes:
    """Join the beginning of this file to the end of another, or replace a part by one of the other file."""
    ours, theirs = parts_of(sample.data, sample.family), parts_of(sample.other, sample.family)
    if ours and theirs and chance.random() < 0.7:
        mine, yours = chance.choice(_all(ours)), chance.choice(_all(theirs))
        return replaced(sample.data, ours, sample.family, mine.start, mine.end, sample.other[yours.start : yours.end])
    cut, join = chance.randrange(len(sample.data)), chance.randrange(len(sample.other))
    return sample.data[:cut] + sample.other[join:]


def parts_moved(sample: Sample, chance: Random) -> bytes:
    """Parts that are there twice or often, not at all, elsewhere, or in each other's place."""
    data = sample.data
    for _ in range(chance.randint(1, 2)):
        parts = parts_of(data, sample.family)
        if not parts:
            return bits_many(sample, chance)
        one, two = chance.choice(_all(parts)), chance.choice(_all(parts))
        whole = data[one.start : one.end]
        match chance.randrange(5):
            case 0:
                data = _put(data, parts, sample, one.start, one.end, b"", chance)
            case 1:
                data = _put(data, parts, sample, one.end, one.end, whole, chance)
            case 2 if len(whole) < _LONGEST_HEADER_PART:
                data = _put(data, parts, sample, one.start, one.end, whole * chance.choice((2, 17, 300)), chance)
            case 3:
                data = _put(data, parts, sample, two.start, two.end, whole, chance)
            case _:
                first, second = sorted((one, two), key=lambda part: part.start)
                if first.end <= second.start:
                    between = data[first.end : second.start]
                    swapped = data[second.start : second.end] + between + data[first.start : first.end]
                    data = data[: first.start] + swapped + data[second.end :]
    return data


def lengths(sample: Sample, chance: Random) -> bytes:
    """Lengths of parts that are nothing, tiny, huge, negative, a little off, or reach into the next part."""
    out = bytearray(sample.data)
    parts = [part for part in _all(parts_of(sample.data, sample.family)) if part.length_width]
    if not parts:
        return blanked(sample, chance)
    for _ in range(chance.randint(1, 2)):
        part = chance.choice(parts)
        true = part.end - part.body + part.length_adds
        off = (true - 1, true + 1, true + chance.randrange(1 << 12), true // 2, len(out) - part.start, len(out) * 2)
        value = chance.choice((*_ODD_LENGTHS, *off, chance.randrange(1 << 16)))
        out[part.length_at : part.length_at + part.length_width] = written_length(part, sample.family, value)
    return bytes(out)


def nested(sample: Sample, chance: Random) -> bytes:
    """Parts in parts in parts, some thousands deep, or a part within itself."""
    parts = parts_of(sample.data, sample.family)
    if not parts or sample.family not in ("iso", "ebml"):
        # Formats without parts in parts: the file within a part of itself.
        return junk(Sample(sample.data, sample.family, sample.data), chance)
    part = chance.choice(_all(parts))
    deep, whole = chance.choice((2, 30, 700, 5000)), sample.data[part.start : part.end]
    if len(whole) > _LONGEST_HEADER_PART * 8:
        whole = whole[:_HEADERS]
    holders = [one for one in _all(parts) if one.parts] or [part]
    kind = chance.choice(holders).kind
    for _ in range(deep):
        head = (
            (8 + len(whole)).to_bytes(4, "big") + kind
            if sample.family == "iso"
            else kind + ((1 << 56) | len(whole)).to_bytes(8, "big")
        )
        whole = head + whole
    return _put(sample.data, parts, sample, part.start, part.end, whole, chance)


def numbers(sample: Sample, chance: Random) -> bytes:
    """Extreme numbers in headers: dimensions, durations, clocks, counts, offsets, depths."""
    out = bytearray(sample.data)
    parts = [
        part
        for part in _all(parts_of(sample.data, sample.family))
        if not part.parts and part.kind not in _PAYLOAD and 0 < part.end - part.body < _LONGEST_HEADER_PART
    ]
    if not parts:
        return blanked(sample, chance)
    for _ in range(chance.randint(1, 3)):
        part = chance.choice(parts)
        room = part.end - part.body
        if sample.family == "ebml" and room <= 8:
            # Elements are one number each.
            at, width = part.body, room
        else:
            width = min(room, chance.choice((1, 2, 4, 4, 4, 8)))
            step = 1 if sample.family in ("png", "jpeg", "riff") else min(width, 4)
            at = part.body + chance.randrange(0, max(1, min(room, _FIELDS_WITHIN) - width + 1), step)
        value = chance.choice((*_EXTREMES, chance.getrandbits(8 * width)))
        order = "little" if sample.family == "riff" else "big"
        out[at : at + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, order)
    return bytes(out)


MUTATIONS: Final[Mapping[str, Callable[[Sample, Random], bytes]]] = {
    "few bits": bits_few,
    "many bits": bits_many,
    "cut off": truncated,
    "blanked": blanked,
    "junk": junk,
    "spliced": spliced,
    "parts": parts_moved,
    "lengths": lengths,
    "nested": nested,
    "numbers": numbers,
}


def mutate(sample: Sample, name: str, chance: Random) -> bytes:
    """Return the file with this mutation. Checksums of PNG chunks are mostly corrected, so that chunks are read."""
    broken = MUTATIONS[name](sample, chance)
    return with_checksums(broken) if sample.family == "png" and chance.random() < 0.75 else broken


def _all(parts: tuple[Part, ...]) -> list[Part]:
    """Return all parts. Headers are repeated, and so are drawn many times more often than pictures and sound."""
    found = [part for top in parts for part in top.walk()]
    heads = [part for part in found if part.kind not in _PAYLOAD]
    return heads * 4 + found if heads else found


def _put(
    data: bytes, parts: tuple[Part, ...], sample: Sample, start: int, end: int, new: bytes, chance: Random
) -> bytes:
    """Replace the bytes of this range, and mostly correct the lengths around it."""
    if chance.random() < 0.8:
        return replaced(data, parts, sample.family, start, end, new)
    return data[:start] + new + data[end:]
