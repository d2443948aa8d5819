"""Sign codes of vectors, and estimates of the similarity of a query to them. Pure.

A code has one bit for each number of a vector: whether it is greater than that of the centre of all vectors. Its scale
is the length of the difference from the centre, and the product of this difference with the centre.

A query is the sum of a multiple of the centre and a rest at a right angle to it. The scale gives the product of the
difference with the former. Signs and length estimate the product with the rest: roughly by the number of signs that are
equal to those of the rest, more precisely by the product of the rest with the signs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WORD: Final = 8  # bytes
_CHUNK: Final = 32_768  # codes whose distances fit into the cache of a processor
_WORDS_OF_BYTE: Final = 3  # words whose differing bits are at most 255
_GROWTH: Final = 1.25
# Every so many values tell about where the smallest ones end.
_STEP: Final = 16
# So many times as many vectors as are wanted are near by their codes, before their products are estimated.
_SURPLUS: Final = 16
_SIGNS: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32) * 2 - 1
# Multiplier of hashes: the golden ratio in 64 bits.
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_MARK_BITS: Final = 22
_MARK_SHIFT: Final = np.uint64(64 - _MARK_BITS)
_OWNER: Final = np.dtype([("index_id", ">i8"), ("vectors", ">i4")])


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """Format of the entries of a set.

    Attributes:
        dimension: numbers of a vector.
        has_scales: whether each code has a scale. Without, all vectors are taken to be at one distance from the centre.
    """

    dimension: int
    has_scales: bool = True

    @property
    def words(self) -> int:
        """Number of 64 bits in which a code is kept in memory."""
        return -(-self.dimension // (8 * _WORD))

    @property
    def entry(self) -> np.dtype[np.void]:
        """Type of an entry of a pack."""
        scale = [("length", ">f4"), ("along_centre", ">f4")] if self.has_scales else []
        return np.dtype([("scene_id", ">i4"), ("place", ">i2"), *scale, ("code", np.uint8, (-(-self.dimension // 8),))])


@dataclass(frozen=True, slots=True, eq=False)
class CodedQuery:
    """A query as codes are compared with it.

    Attributes:
        share_of_centre: the multiple of the centre in the query.
        rest: the rest of the query.
    """

    share_of_centre: float
    rest: NDArray[np.float32]

    @classmethod
    def of(cls, query: NDArray[np.float32], centre: NDArray[np.float32]) -> CodedQuery:
        """Return a query for codes of the differences from a centre."""
        length = float(centre @ centre)
        share = float(query @ centre) / length if length else 0.0
        return cls(share, (query - share * centre).astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class NearCodes:
    """Keys of vectors, in order of the estimated products of their differences with the query, the greatest first."""

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

    ``expected``: number of codes that memory is reserved for.
    """

    def __init__(self, code_format: CodeFormat, expected: int = 0) -> None:
        self._format = code_format
        self._columns = _Columns.sized(code_format.words, expected)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def size_bytes(self) -> int:
        """Memory that the codes occupy."""
        return self._columns.size_bytes

    @staticmethod
    def estimate_bytes(code_format: CodeFormat, vectors: int) -> int:
        """Return the memory that codes of this format need, in bytes."""
        return int(vectors * (code_format.words * _WORD + 22) * _GROWTH)

    def add(self, owners: bytes, entries: bytes) -> None:
        """Add the entries of packs. ``owners``: for each pack its index and number of vectors, in the same order."""
        packs = np.frombuffer(owners, _OWNER)
        found = np.frombuffer(entries, self._format.entry)
        start, end = self._length, self._length + len(found)
        if end > self._columns.capacity:
            self._columns = self._columns.grown(max(end, int(end * _GROWTH) if start else end), start)
        columns = self._columns
        columns.index_ids[start:end] = np.repeat(packs["index_id"], packs["vectors"])
        columns.scene_ids[start:end] = found["scene_id"]
        columns.places[start:end] = found["place"]
        columns.lengths[start:end] = found["length"] if self._format.has_scales else 1
        columns.along_centre[start:end] = found["along_centre"] if self._format.has_scales else 0
        columns.words[:, start:end] = _words_of(found["code"]).T
        self._length = end

    def nearest(self, query: CodedQuery, count: int, among: SceneKeys | None = None) -> NearCodes:
        """Return up to ``count`` vectors that are nearest to a query by their codes, if given among those of scenes."""
        length, columns = self._length, self._columns
        if among is None:
            codes, rows = columns.codes(slice(length)), None
        else:
            rows = _places_of(among, columns.index_ids[:length], columns.scene_ids[:length])
            codes = columns.codes(rows)
        chosen = _small(self._rough_distances(codes, query), _SURPLUS * count)
        chosen = chosen if rows is None else rows[chosen]
        products = self._products(columns.codes(chosen), query)
        best = _smallest(-products, count)
        chosen = chosen[best]
        return NearCodes(columns.index_ids[chosen], columns.scene_ids[chosen], columns.places[chosen], products[best])

    def _rough_distances(self, codes: _Codes, query: CodedQuery) -> NDArray[np.float32]:
        """Return negative estimates of products by the numbers of different signs."""
        dimension = self._format.dimension
        code = np.packbits(self._padded(query.rest) > 0).view(np.uint64)
        # Of a vector of random direction, the number of different signs tells the angle.
        scale = float(np.linalg.norm(query.rest)) * math.pi / 2 / dimension
        distances = np.empty(len(codes.lengths), np.float32)
        differing, bits = np.empty(_CHUNK, np.uint64), np.empty(_CHUNK, np.uint8)
        sums, counts = np.empty(_CHUNK, np.uint8), np.empty(_CHUNK, np.uint16)
        for start in range(0, len(distances), _CHUNK):
            end = min(start + _CHUNK, len(distances))
            different, counted = differing[: end - start], bits[: end - start]
            some, count = sums[: end - start], counts[: end - start]
            count[:] = 0
            for first in range(0, len(code), _WORDS_OF_BYTE):
                some[:] = 0
                for row, word in zip(codes.words[first : first + _WORDS_OF_BYTE], code[first:], strict=False):
                    np.bitwise_xor(row[start:end], word, out=different)
                    np.bitwise_count(different, out=counted)
                    np.add(some, counted, out=some)
                np.add(count, some, out=count)
            part = distances[start:end]
            np.multiply(count, np.float32(2 * scale), out=part, dtype=np.float32)
            part -= np.float32(scale * dimension)
            part *= codes.lengths[start:end]
            part -= codes.along_centre[start:end] * np.float32(query.share_of_centre)
        return distances

    def _products(self, codes: _Codes, query: CodedQuery) -> NDArray[np.float32]:
        """Return estimates of products by the products with the signs."""
        rest = self._padded(query.rest)
        # The sum of each possible byte at each place of a code.
        sums = rest.reshape(-1, 8) @ _SIGNS.T
        by_bytes = codes.words.T.copy().view(np.uint8)
        products = np.zeros(len(by_bytes), np.float32)
        for place, of_place in enumerate(sums):
            products += of_place.take(by_bytes[:, place])
        products *= codes.lengths
        # The mean absolute number of a vector of random direction.
        products *= np.float32(math.sqrt(math.pi / 2 / self._format.dimension))
        products += codes.along_centre * np.float32(query.share_of_centre)
        return products

    def _padded(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.pad(numbers, (0, self._format.words * _WORD * 8 - len(numbers)))


@dataclass(frozen=True, slots=True, eq=False)
class _Codes:
    lengths: NDArray[np.float32]
    along_centre: NDArray[np.float32]
    words: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]
    places: NDArray[np.int16]
    lengths: NDArray[np.float32]
    along_centre: NDArray[np.float32]
    words: NDArray[np.uint64]
    """A row for each 64 bits of a code, since one row after the other is compared."""

    @classmethod
    def sized(cls, words: int, capacity: int) -> _Columns:
        return cls(
            np.empty(capacity, np.int64),
            np.empty(capacity, np.int32),
            np.empty(capacity, np.int16),
            np.empty(capacity, np.float32),
            np.empty(capacity, np.float32),
            np.empty((words, capacity), np.uint64),
        )

    @property
    def capacity(self) -> int:
        return len(self.index_ids)

    @property
    def size_bytes(self) -> int:
        keys = self.index_ids.nbytes + self.scene_ids.nbytes + self.places.nbytes
        return keys + self.lengths.nbytes + self.along_centre.nbytes + self.words.nbytes

    def codes(self, rows: slice | NDArray[np.int64]) -> _Codes:
        return _Codes(self.lengths[rows], self.along_centre[rows], self.words[:, rows])

    def grown(self, capacity: int, length: int) -> _Columns:
        larger = _Columns.sized(len(self.words), capacity)
        larger.index_ids[:length] = self.index_ids[:length]
        larger.scene_ids[:length] = self.scene_ids[:length]
        larger.places[:length] = self.places[:length]
        larger.lengths[:length] = self.lengths[:length]
        larger.along_centre[:length] = self.along_centre[:length]
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


def numbers_of(vector: str) -> NDArray[np.float32]:
    """Return the numbers of a vector as the database writes it."""
    return np.array(vector[1:-1].split(","), np.float32)


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


def _small(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of the smallest values, in any order. The sample spares most of a partition."""
    if count >= len(values):
        return np.arange(len(values))
    sample = values[::_STEP]
    # A tenth more than expected.
    expected = int(count * 1.1 / _STEP) + _STEP
    limit = np.partition(sample, expected)[expected] if expected < len(sample) else np.inf
    chosen = np.flatnonzero(values <= limit)
    if len(chosen) < count:
        chosen = np.arange(len(values))
    return chosen[np.argpartition(values[chosen], count - 1)[:count]]


def _smallest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of the smallest values, in order."""
    if count >= len(values):
        return np.argsort(values, kind="stable")
    limit = np.partition(values, count)[count]
    chosen = np.flatnonzero(values <= limit)
    return chosen[np.argsort(values[chosen], kind="stable")][:count]
