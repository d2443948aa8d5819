"""Sign codes of vectors, and queries that they are compared with. Pure.

A code has one bit for each number of a vector: whether it is greater than that of the centre of all vectors. Its scale
is the length of the difference from the centre, and the product of this difference with the centre.

A query is the sum of a multiple of the centre and a rest at a right angle to it. The scale gives the product of the
difference with the former. Signs and length estimate the product with the rest, as `code_estimates` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WORD_BYTES: Final = 8


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
        return -(-self.dimension // (8 * WORD_BYTES))

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
        with_centre: the product of the query and the centre.
    """

    share_of_centre: float
    rest: NDArray[np.float32]
    with_centre: float = 0.0

    @classmethod
    def of(cls, query: NDArray[np.float32], centre: NDArray[np.float32]) -> CodedQuery:
        """Return a query for codes of the differences from a centre."""
        length, product = float(centre @ centre), float(query @ centre)
        share = product / length if length else 0.0
        return cls(share, (query - share * centre).astype(np.float32), product)


@dataclass(frozen=True, slots=True, eq=False)
class NearCodes:
    """Keys of vectors, in order of the estimated products of their differences with the query, the greatest first.

    Attributes:
        errors: standard deviations of the estimates.
    """

    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]
    places: NDArray[np.int16]
    products: NDArray[np.float32]
    errors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.products)

    def at(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> NearCodes:
        """Return those at some places, or those that a mask marks."""
        return NearCodes(
            self.index_ids[chosen],
            self.scene_ids[chosen],
            self.places[chosen],
            self.products[chosen],
            self.errors[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class SceneKeys:
    """Keys of scenes, in any order, possibly several times."""

    index_ids: NDArray[np.int64]
    scene_ids: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.index_ids)


def nearest_of(parts: Sequence[NearCodes], count: int) -> NearCodes:
    """Return the nearest of several lists."""
    joined = NearCodes(
        np.concatenate([part.index_ids for part in parts]),
        np.concatenate([part.scene_ids for part in parts]),
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.products for part in parts]),
        np.concatenate([part.errors for part in parts]),
    )
    return joined.at(greatest(joined.products, count))


def greatest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of the greatest values, in order."""
    values = -values
    if count >= len(values):
        return np.argsort(values, kind="stable")
    limit = np.partition(values, count)[count]
    chosen = np.flatnonzero(values <= limit)
    return chosen[np.argsort(values[chosen], kind="stable")][:count]


def numbers_of(vector: str) -> NDArray[np.float32]:
    """Return the numbers of a vector as the database writes it."""
    return np.array(vector[1:-1].split(","), np.float32)
