"""Codes of a set in memory, of which the nearest to a query are found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.search.code_estimates import FIRST_WORDS, Codes, Estimator
from scenedex.search.codes import WORD_BYTES, NearCodes, greatest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.search.codes import CodedQuery, CodeFormat, SceneKeys

_GROWTH: Final = 1.25
# Every so many values tell about where the greatest ones end.
_STEP: Final = 16
# The third estimate is made for so many times as many codes as are wanted, the second for a multiple of these.
_SURPLUS: Final = 11
_SURPLUS_OF_FIRST: Final = 6
# Multiplier of hashes: the golden ratio in 64 bits.
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_MARK_BITS: Final = 22
_MARK_SHIFT: Final = np.uint64(64 - _MARK_BITS)
_OWNER: Final = np.dtype([("index_id", ">i8"), ("vectors", ">i4")])


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
        return int(vectors * (code_format.words * WORD_BYTES + 22) * _GROWTH)

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
        columns.codes.lengths[start:end] = found["length"] if self._format.has_scales else 1
        columns.codes.along_centre[start:end] = found["along_centre"] if self._format.has_scales else 0
        columns.codes.words[:, start:end] = _words_of(found["code"]).T
        self._length = end

    def nearest(self, query: CodedQuery, count: int, among: SceneKeys | None = None) -> NearCodes:
        """Return up to ``count`` vectors that are nearest to a query by their codes, if given among those of scenes."""
        length, columns = self._length, self._columns
        rows = None
        codes = columns.first_codes(length)
        if among is not None:
            rows = _places_of(among, columns.index_ids[:length], columns.scene_ids[:length])
            codes = codes.at(rows)
        estimator = Estimator(query, self._format.words)
        wanted = _SURPLUS * count
        if self._format.words > FIRST_WORDS and 2 * _SURPLUS_OF_FIRST * wanted < len(codes):
            rows, codes = _narrowed(rows, codes, estimator.first(codes), _SURPLUS_OF_FIRST * wanted)
        if wanted < len(codes):
            rows, codes = _narrowed(rows, codes, estimator.second(codes), wanted)
        products = estimator.third(codes)
        errors = estimator.errors(codes.lengths) if self._format.has_scales else np.full(len(codes), np.inf, np.float32)
        best = greatest(products, count)
        chosen = best if rows is None else rows[best]
        return NearCodes(
            columns.index_ids[chosen], columns.scene_ids[chosen], columns.places[chosen], products[best], errors[best]
        )


def _narrowed(
    rows: NDArray[np.int64] | None, codes: Codes, estimates: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], Codes]:
    """Return the codes with about ``count`` of the greatest estimates, and their rows."""
    chosen = _great(estimates, count)
    return chosen if rows is None else rows[chosen], codes.at(chosen)


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]
    places: NDArray[np.int16]
    codes: Codes

    @classmethod
    def sized(cls, words: int, capacity: int) -> _Columns:
        return cls(
            np.empty(capacity, np.int64),
            np.empty(capacity, np.int32),
            np.empty(capacity, np.int16),
            Codes(
                np.empty(capacity, np.float32), np.empty(capacity, np.float32), np.empty((words, capacity), np.uint64)
            ),
        )

    @property
    def capacity(self) -> int:
        return len(self.index_ids)

    @property
    def size_bytes(self) -> int:
        keys = self.index_ids.nbytes + self.scene_ids.nbytes + self.places.nbytes
        return keys + self.codes.lengths.nbytes + self.codes.along_centre.nbytes + self.codes.words.nbytes

    def first_codes(self, length: int) -> Codes:
        codes = self.codes
        return Codes(codes.lengths[:length], codes.along_centre[:length], codes.words[:, :length])

    def grown(self, capacity: int, length: int) -> _Columns:
        larger = _Columns.sized(len(self.codes.words), capacity)
        larger.index_ids[:length] = self.index_ids[:length]
        larger.scene_ids[:length] = self.scene_ids[:length]
        larger.places[:length] = self.places[:length]
        larger.codes.lengths[:length] = self.codes.lengths[:length]
        larger.codes.along_centre[:length] = self.codes.along_centre[:length]
        larger.codes.words[:, :length] = self.codes.words[:, :length]
        return larger


def _words_of(codes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    missing = -codes.shape[1] % WORD_BYTES
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


def _great(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of about ``count`` of the greatest values, in rising order. A sample tells where they end."""
    sample = values[::_STEP]
    # A tenth more than expected.
    place = len(sample) - int(count * 1.1 / _STEP) - _STEP
    if place < 0:
        return np.arange(len(values))
    chosen = np.flatnonzero(values >= np.partition(sample, place)[place])
    return chosen if len(chosen) >= count else np.arange(len(values))
