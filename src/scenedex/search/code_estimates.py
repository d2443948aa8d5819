"""Estimates of the products of a query with the differences of vectors from their centre, by sign codes. Pure.

Three of growing precision: by the number of signs in some words of the code that are equal to those of the query, by
that in all words, and by the product of the query with the signs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.search.codes import WORD_BYTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.search.codes import CodedQuery

FIRST_WORDS: Final = 3
"""Words of the first estimate. Their equal bits fit into a byte."""

_WORD_BITS: Final = 8 * WORD_BYTES
_CHUNK: Final = 16_384  # codes whose estimates fit into the cache of a processor
_SIGNS: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32) * 2 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Codes with their scales. ``words`` has a row for each 64 bits of a code."""

    lengths: NDArray[np.float32]
    along_centre: NDArray[np.float32]
    words: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.lengths)

    def at(self, chosen: NDArray[np.int64]) -> Codes:
        """Return those at some places."""
        # Row by row, which takes half as long.
        words = np.empty((len(self.words), len(chosen)), np.uint64)
        for row, part in zip(self.words, words, strict=True):
            row.take(chosen, out=part)
        return Codes(self.lengths.take(chosen), self.along_centre.take(chosen), words)


class Estimator:
    """Estimates of one query. ``words``: number of words of a code."""

    def __init__(self, query: CodedQuery, words: int) -> None:
        self._dimension = len(query.rest)
        self._share = np.float32(query.share_of_centre)
        self._length = float(np.linalg.norm(query.rest))
        self._rest = np.pad(query.rest, (0, words * _WORD_BITS - self._dimension))
        self._code = np.packbits(self._rest > 0).view(np.uint64)
        # The longest parts of the query tell the most.
        self._order = np.argsort(-np.square(self._rest).reshape(words, -1).sum(1), kind="stable").tolist()

    def first(self, codes: Codes) -> NDArray[np.float32]:
        """Estimate by the equal signs of `FIRST_WORDS` words."""
        return self._by_equal_signs(codes, self._order[:FIRST_WORDS])

    def second(self, codes: Codes) -> NDArray[np.float32]:
        """Estimate by all equal signs."""
        return self._by_equal_signs(codes, self._order)

    def third(self, codes: Codes) -> NDArray[np.float32]:
        """Estimate by the product with the signs."""
        # The sum of each possible byte at each place of a code.
        sums = iter(self._rest.reshape(-1, 8) @ _SIGNS.T)
        products = np.zeros(len(codes), np.float32)
        for row in codes.words:
            for of_place in row.view(np.uint8).reshape(-1, WORD_BYTES).T:
                products += next(sums).take(of_place)
        products *= codes.lengths
        # The mean absolute number of a vector of random direction.
        products *= np.float32(math.sqrt(math.pi / 2 / self._dimension))
        products += codes.along_centre * self._share
        return products

    def errors(self, lengths: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the standard deviations of the third estimate for vectors of random directions."""
        return lengths * np.float32(self._length * math.sqrt((math.pi / 2 - 1) / self._dimension))

    def _by_equal_signs(self, codes: Codes, order: list[int]) -> NDArray[np.float32]:
        compared = sum(min(_WORD_BITS, self._dimension - _WORD_BITS * word) for word in order)
        # Of a vector of random direction, the share of equal signs tells the angle.
        scale = self._length * math.pi / 2 / compared
        estimates = np.empty(len(codes), np.float32)
        differing, bits = np.empty(_CHUNK, np.uint64), np.empty(_CHUNK, np.uint8)
        sums, counts = np.empty(_CHUNK, np.uint8), np.empty(_CHUNK, np.uint16)
        for start in range(0, len(estimates), _CHUNK):
            end = min(start + _CHUNK, len(estimates))
            different, counted = differing[: end - start], bits[: end - start]
            some, count = sums[: end - start], counts[: end - start]
            count[:] = 0
            for first in range(0, len(order), FIRST_WORDS):
                some[:] = 0
                for word in order[first : first + FIRST_WORDS]:
                    np.bitwise_xor(codes.words[word, start:end], self._code[word], out=different)
                    np.bitwise_count(different, out=counted)
                    np.add(some, counted, out=some)
                np.add(count, some, out=count)
            part = estimates[start:end]
            np.multiply(count, np.float32(-2 * scale), out=part, dtype=np.float32)
            part += np.float32(scale * compared)
            part *= codes.lengths[start:end]
            part += codes.along_centre[start:end] * self._share
        return estimates
