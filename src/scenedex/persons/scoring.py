"""Scores of face similarities from 0 to 100, calibrated for each engine. Pure.

80 is the similarity at which analyses match two faces. Scores of different engines mean the same, similarities do not.
``docs/how-to/person-scores.md`` shows the curves and their error rates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_SCORE: Final = 80
"""Lowest score that is shown: that of the similarity at which two faces match."""

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


def _curve(*, strangers: float, unsure: float, same: float, step: float) -> Curve:
    """Return a curve through 0 at ``strangers``, 50 at ``unsure``, 80 at ``same``, and 5 more per step up to 95."""
    certain = tuple((round(same + n * step, 6), MIN_SCORE + 5.0 * n) for n in range(4))
    return Curve(((strangers, 0.0), (unsure, 50.0), *certain, (_ONE_PICTURE, float(MAX_SCORE))))


DEFAULT: Final = _curve(strangers=0.0, unsure=0.4, same=0.6, step=0.1)
"""Curve of engines that are not calibrated."""

CURVES: Final[Mapping[str, Curve]] = {
    "dlib-resnet": _curve(strangers=0.75, unsure=0.91, same=0.93, step=0.01),
    "yunet-sface": _curve(strangers=0.0, unsure=0.3, same=0.4, step=0.1),
}
"""Curves of known engines, by name."""


def curve_of(engine: str) -> Curve:
    """Return the curve of an engine. Its identity is name, version and weights, separated by spaces."""
    return CURVES.get(engine.partition(" ")[0], DEFAULT)
