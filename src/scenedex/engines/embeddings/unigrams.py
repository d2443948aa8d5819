"""Tokenizer of the Universal Sentence Encoder: reads a model of sentencepiece, normalizes texts and divides them.

It returns the tokens of the tokenizer in the package of the encoder and loads in a quarter of its time.
``benchmarks/search`` compares them.
"""

from __future__ import annotations

import struct
from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DAMAGED_MODEL: Final = (ValueError, IndexError, StopIteration, struct.error)
"""Errors of a file that is damaged."""

_UNKNOWN, _START, _END = 0, 1, 2
_UNKNOWN_PENALTY = 10.0
_SPACE: Final = "\u2581"

# Fields of the messages in the file, with the type of their values: bytes (2) or a number of 32 bits (5).
_PIECE, _TRAINER = 1 << 3 | 2, 3 << 3 | 2
_TEXT, _SCORE = 1 << 3 | 2, 2 << 3 | 5
_CHARACTERS = 2 << 3 | 2
_VARINT, _BYTES, _FIXED = 0, 2, 5
_MORE = 0x80

# Bits of a unit of the double array.
_IS_LEAF_OF_PARENT = 0x100
_LABEL = 0x8000_00FF
_VALUE = 0x7FFF_FFFF


class UnigramTokenizer:
    """Divides texts into the most probable sequence of pieces.

    A damaged file raises one of `DAMAGED_MODEL`.
    """

    def __init__(self, file: Path) -> None:
        data = file.read_bytes()
        self._ids, self._scores = _pieces(data)
        self._longest = max(map(len, self._ids))
        self._unknown = min(self._scores) - _UNKNOWN_PENALTY
        trainer = next(_fields(data, 0, len(data), _TRAINER))
        self._characters = _CharacterMap(data[slice(*next(_fields(data, *trainer, _CHARACTERS)))])

    def encode(self, text: str, out_type: type = int, *, add_bos: bool = True, add_eos: bool = True) -> Sequence[int]:
        """Return the numbers of the pieces of a text, with those of its start and end.

        ``out_type`` is part of the interface that the encoder calls.
        """
        del out_type
        words = [word for word in self._characters.normalized(text).split(" ") if word]
        numbers = self._best((_SPACE + _SPACE.join(words)).rstrip(_SPACE))
        return [*([_START] if add_bos else ()), *numbers, *([_END] if add_eos else ())]

    def _best(self, text: str) -> list[int]:
        """Return the pieces with the highest sum of scores. The earliest start wins among equal ones."""
        size = len(text)
        best = [0.0, *([-1e38] * size)]
        starts, numbers = [0] * (size + 1), [_UNKNOWN] * (size + 1)
        known, scores, longest = self._ids.get, self._scores, self._longest
        for start in range(size):
            before, is_known = best[start], False
            for end in range(start + 1, min(start + longest, size) + 1):
                number = known(text[start:end])
                if number is None:
                    continue
                is_known |= end == start + 1
                if (score := before + scores[number]) > best[end]:
                    best[end], starts[end], numbers[end] = score, start, number
            if not is_known and (score := before + self._unknown) > best[start + 1]:
                best[start + 1], starts[start + 1], numbers[start + 1] = score, start, _UNKNOWN
        found: list[int] = []
        while size:
            found.append(numbers[size])
            size = starts[size]
        return found[::-1] or [_UNKNOWN]


class _CharacterMap:
    """Replacements of sequences of characters: a double array of their UTF-8 bytes, then the replacements."""

    def __init__(self, data: bytes) -> None:
        (size,) = struct.unpack_from("<I", data)
        self._units = struct.unpack_from(f"<{size // 4}I", data, 4)
        self._replacements = data[4 + size :]

    def normalized(self, text: str) -> str:
        """Return the text with the longest known sequence at each place replaced."""
        data = text.encode(errors="replace")
        made = bytearray()
        at = 0
        while at < len(data):
            end, value = self._longest(data, at)
            if end > at:
                made += self._replacements[value : self._replacements.index(0, value)]
            else:
                end = at + 1
                while end < len(data) and data[end] & 0xC0 == _MORE:
                    end += 1
                made += data[at:end]
            at = end
        return made.decode()

    def _longest(self, data: bytes, at: int) -> tuple[int, int]:
        """Return the end of the longest known sequence that starts here, and the place of its replacement."""
        units = self._units
        end, value, node = at, 0, _offset(units[0])
        for place in range(at, len(data)):
            node ^= data[place]
            unit = units[node]
            if unit & _LABEL != data[place]:
                break
            node ^= _offset(unit)
            if unit & _IS_LEAF_OF_PARENT:
                end, value = place + 1, units[node] & _VALUE
        return end, value


def _offset(unit: int) -> int:
    return unit >> 10 << ((unit & 0x200) >> 6)


def _pieces(data: bytes) -> tuple[dict[str, int], array[float]]:
    """Return the number and the score of each piece. They are the first messages of the file."""
    ids: dict[str, int] = {}
    scores = array("f")
    read_score = struct.Struct("<f").unpack_from
    at, size = 0, len(data)
    # One loop without calls, since there are 128 000 pieces.
    while at < size and data[at] == _PIECE:
        length, at = data[at + 1], at + 2
        if length & _MORE:
            length, at = length & ~_MORE | data[at] << 7, at + 1
        end, written = at + length, data[at + 1]
        if data[at] != _TEXT or written & _MORE:
            raise ValueError("A piece does not start with a short text.")
        score = at + 2 + written
        ids[data[at + 2 : score].decode()] = len(scores)
        scores.append(read_score(data, score + 1)[0] if score < end and data[score] == _SCORE else 0.0)
        at = end
    return ids, scores


def _fields(data: bytes, at: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the values of a field of a message. Fields have a number below 16."""
    while at < end:
        key, at = data[at], at + 1
        kind = key & 7
        length, start = _varint(data, at) if kind in {_VARINT, _BYTES} else (4 if kind == _FIXED else 8, at)
        at = start if kind == _VARINT else start + length
        if key == wanted:
            yield start, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, and the place after it."""
    number, shift = 0, 0
    while True:
        number |= (data[at] & ~_MORE) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & _MORE:
            return number, at
