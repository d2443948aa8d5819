"""Calibrations of engines: the meaning of the similarities of their vectors. Pure.

Each is declared beside its engine, in its `EngineSpec`. Similarities of different engines mean different things, and
scores mean the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

MIN_SCORE: Final = 80
"""Lowest score of similar persons: that of the similarity at which two faces of one asset are one person."""

MAX_SCORE: Final = 100

# Similarity of equal vectors that were stored with few digits.
_ONE_PICTURE = 0.999
_STEPS = 100  # of a score: shown with two decimals
# Rounding error of a similarity computed from a score. It is far below the resolution of the database's numbers.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores by similarity, straight from knot to knot.

    Attributes:
        knots: pairs of similarity and score, both rising. The first score is 0, the last 100.
    """

    knots: tuple[tuple[float, float], ...]

    @classmethod
    def through(cls, *, strangers: float, unsure: float, same: float, step: float) -> Curve:
        """Return a curve through 0 at ``strangers``, 50 at ``unsure``, 80 at ``same``, and 5 more per step up to 95."""
        certain = tuple((round(same + n * step, 6), MIN_SCORE + 5.0 * n) for n in range(4))
        return cls(((strangers, 0.0), (unsure, 50.0), *certain, (_ONE_PICTURE, float(MAX_SCORE))))

    def score(self, similarity: float) -> float:
        """Return the score of a similarity, 0 to 100, rounded down to two decimals."""
        (lowest, _), (highest, _) = self.knots[0], self.knots[-1]
        inside = min(max(similarity, lowest), highest)
        for (start, low), (end, high) in pairwise(self.knots):
            if inside <= end:
                exact = low + (high - low) * (inside - start) / (end - start)
                return math.floor(exact * _STEPS + _ROUNDING) / _STEPS
        return float(MAX_SCORE)

    def similarity(self, score: float) -> float:
        """Return the minimum similarity of a score from 0 to 100."""
        for (start, low), (end, high) in pairwise(self.knots):
            if score <= high:
                return start + (end - start) * (score - low) / (high - low)
        return self.knots[-1][0]


@dataclass(frozen=True, slots=True)
class IdentityBounds:
    """Bounds of the similarity of a face to persons, by which it is given to one of them.

    Between ``likely`` and ``certain``, the lead falls in proportion.

    Attributes:
        certain: similarity from which a face is the most similar person's, if the second most similar person is less
            similar by ``lead``.
        likely: minimum similarity. The second most similar person has to be less similar by ``long_lead``.
        lead: see ``certain``.
        long_lead: see ``likely``.
        crowd: similarity that is assumed of the second most similar person while there is none.
        possible: similarity from which users are asked whether it is the same person.
    """

    certain: float
    likely: float
    lead: float
    long_lead: float
    crowd: float
    possible: float

    def are_met(self, first: float, second: float | None) -> bool:
        """Return whether a face is the most similar person's, by the similarities of the two most similar persons."""
        if first < self.likely:
            return False
        doubt = (self.certain - first) / (self.certain - self.likely) if first < self.certain else 0.0
        needed = self.lead + doubt * (self.long_lead - self.lead)
        return first - (self.crowd if second is None else second) >= needed


@dataclass(frozen=True, slots=True)
class FaceCalibration:
    """Calibration of the vectors of a face engine.

    Attributes:
        curve: scores of the cosine of two vectors. 80 is the engine's `same_person`.
        bounds: bounds of the similarity of a face to a person.
    """

    curve: Curve
    bounds: IdentityBounds


DEFAULT_FACES: Final = FaceCalibration(
    Curve.through(strangers=0.0, unsure=0.4, same=0.6, step=0.1),
    IdentityBounds(certain=0.65, likely=0.6, lead=0.05, long_lead=0.1, crowd=0.4, possible=0.4),
)
"""Calibration of face engines that declare none."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Similarities that an engine gives to unrelated pairs, as closenesses.

    Attributes:
        mean: mean closeness.
        spread: standard deviation of the closenesses.
        tail: distance of the outliers, relative to those of a normal distribution.
    """

    mean: float
    spread: float
    tail: float


DEFAULT_BASELINE: Final = Baseline(0.3, 0.15, 2.3)
"""Baseline of engines that declare none."""
