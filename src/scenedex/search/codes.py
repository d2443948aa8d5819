"""Sign codes of vectors, and the nearest of them by Hamming distance. Pure.

A code has one bit for each number of a vector: whether it is greater than that of the centre of all vectors. The codes
of the most similar vectors are near to the code of the query. More precisely, the product of the query with the signs
of a code estimates the product with its vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WORD: Final = 8  # bytes
_CHUNK: Final = 16_384  # codes whose distances fit into the cache of a processor
_GROWTH: Final = 1.25
# So many times as many vectors as are wanted are near by their codes, before their products are estimated.
_SURPLUS: Final = 8
_BYTES: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32)
# Multiplier of hashes: the golden ratio in 64 bits.
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_MARK_BITS: Final = 22
_MARK_SHIFT: Final = np.uint64(64 - _MARK_BITS)
_OWNER: Final = np.dtype([("index_id", ">i8"), ("vectors", ">i4")])


@dataclass(frozen=True, slots=True, eq=False)
class NearCodes:
    """Keys of vectors, in order of the estimated products with the query, the greatest first."""

    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]
    places: NDArray[np.int16]
    products: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.products)


@dataclass(frozen=True, slots=True, eq=False)
class SceneKeys:
    """Keys of scenes, in any order, possibly several times."""

    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.index_ids)


class CodeList:
    """Codes of a set in memory, with the keys of their vectors. Codes can be added while others read.

    ``code_bytes``: length of a code. ``expected``: number of codes that memory is reserved for.
    """

    def __init__(self, code_bytes: int, expected: int = 0) -> None:
        self._entry = np.dtype([("scene_id", ">i4"), ("place", ">i2"), ("code", np.uint8, (code_bytes,))])
        self._columns = _Columns.sized(-(-code_bytes // _WORD), expected)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def size_bytes(self) -> int:
        """Memory that the codes occupy."""
        return self._columns.size_bytes

    @staticmethod
    def estimate_bytes(code_bytes: int, vectors: int) -> int:
        """Return the memory that codes of this length need, in bytes."""
        return int(vectors * (-(-code_bytes // _WORD) * _WORD + 14) * _GROWTH)

    def add(self, owners: bytes, entries: bytes) -> None:
        """Add the entries of packs. ``owners``: for each pack its index and number of vectors, in the same order."""
        packs = np.frombuffer(owners, _OWNER)
        found = np.frombuffer(entries, self._entry)
        start, end = self._length, self._length + len(found)
        if end > self._columns.capacity:
            self._columns = self._columns.grown(max(end, int(end * _GROWTH) if start else end), start)
        columns = self._columns
        columns.index_ids[start:end] = np.repeat(packs["index_id"], packs["vectors"])
        columns.scene_ids[start:end] = found["scene_id"]
        columns.places[start:end] = found["place"]
        columns.words[:, start:end] = _words_of(found["code"]).T
        self._length = end

    def nearest(self, query: NDArray[np.float32], count: int, among: SceneKeys | None = None) -> NearCodes:
        """Return up to ``count`` vectors that are nearest to a query by their codes, if given among those of scenes."""
        length, columns = self._length, self._columns
        query = np.pad(query, (0, len(columns.words) * _WORD * 8 - len(query)))
        code = np.packbits(query > 0).view(np.uint64)
        if among is None:
            chosen = _smallest(_distances(columns.words[:, :length], code), _SURPLUS * count)
        else:
            rows = _places_of(among, columns.index_ids[:length], columns.scene_ids[:length])
            chosen = rows[_smallest(_distances(columns.words[:, rows], code), _SURPLUS * count)]
        products = _products(columns.words[:, chosen], query)
        best = _smallest(-products, count)
        chosen = chosen[best]
        return NearCodes(columns.index_ids[chosen], columns.scene_ids[chosen], columns.places[chosen], products[best])


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]
    places: NDArray[np.int16]
    words: NDArray[np.uint64]
    """A row for each 64 bits of a code, since one row after the other is compared."""

    @classmethod
    def sized(cls, words: int, capacity: int) -> _Columns:
        return cls(
            np.empty(capacity, np.int64),
            np.empty(capacity, np.int32),
            np.empty(capacity, np.int16),
            np.empty((words, capacity), np.uint64),
        )

    @property
    def capacity(self) -> int:
        return len(self.index_ids)

    @property
    def size_bytes(self) -> int:
        return self.index_ids.nbytes + self.scene_ids.nbytes + self.places.nbytes + self.words.nbytes

    def grown(self, capacity: int, length: int) -> _Columns:
        larger = _Columns.sized(len(self.words), capacity)
        larger.index_ids[:length] = self.index_ids[:length]
        larger.scene_ids[:length] = self.scene_ids[:length]
        larger.places[:length] = self.places[:length]
        larger.words[:, :length] = self.words[:, :length]
        return larger


def nearest_of(parts: Sequence[NearCodes], count: int) -> NearCodes:
    """Return the nearest of several lists."""
    products = np.concatenate([part.products for part in parts])
    chosen = _smallest(-products, count)
    return NearCodes(
        np.concatenate([part.index_ids for part in parts])[chosen],
        np.concatenate([part.scene_ids for part in parts])[chosen],
        np.concatenate([part.places for part in parts])[chosen],
        products[chosen],
    )


def _words_of(codes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    missing = -codes.shape[1] % _WORD
    return np.ascontiguousarray(np.pad(codes, ((0, 0), (0, missing)))).view(np.uint64)


def _places_of(wanted: SceneKeys, index_ids: NDArray[np.int64], scene_ids: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the places of keys that are wanted."""
    if not len(wanted) or not len(index_ids):
        return np.empty(0, np.int64)
    scenes = np.uint64(max(int(scene_ids.max()), int(wanted.scene_ids.max())) + 1)
    keys = index_ids.astype(np.uint64) * scenes + scene_ids.astype(np.uint64)
    wanted_keys = wanted.index_ids.astype(np.uint64) * scenes + wanted.scene_ids.astype(np.uint64)
    # Some bits of a hash exclude most keys, which is a hundred times as fast as a search.
    is_marked = np.zeros(1 << _MARK_BITS, np.bool_)
    is_marked[wanted_keys * _FACTOR >> _MARK_SHIFT] = True
    places = np.flatnonzero(is_marked[keys * _FACTOR >> _MARK_SHIFT])
    return places[np.isin(keys[places], wanted_keys)]


def _distances(words: NDArray[np.uint64], code: NDArray[np.uint64]) -> NDArray[np.uint16]:
    length = words.shape[1]
    distances = np.zeros(length, np.uint16)
    differing, bits = np.empty(_CHUNK, np.uint64), np.empty(_CHUNK, np.uint8)
    for start in range(0, length, _CHUNK):
        end = min(start + _CHUNK, length)
        part, different, counted = distances[start:end], differing[: end - start], bits[: end - start]
        for row, word in zip(words, code, strict=True):
            np.bitwise_xor(row[start:end], word, out=different)
            np.bitwise_count(different, out=counted)
            np.add(part, counted, out=part)
    return distances


def _products(words: NDArray[np.uint64], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the sum of the numbers of the query whose bits are set, for each code."""
    # The sum of each possible byte at each place of a code.
    sums = query.reshape(-1, 8) @ _BYTES.T
    codes = words.T.copy().view(np.uint8)
    products = np.zeros(len(codes), np.float32)
    for place, of_place in enumerate(sums):
        products += of_place.take(codes[:, place])
    return products


def _smallest(values: NDArray[np.uint16] | NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of the smallest values, in order."""
    if count >= len(values):
        return np.argsort(values, kind="stable")
    limit = np.partition(values, count)[count]
    chosen = np.flatnonzero(values <= limit)
    return chosen[np.argsort(values[chosen], kind="stable")][:count]
