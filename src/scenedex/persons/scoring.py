"""What a similarity of two faces means: a score from 0 to 100, calibrated for each engine. Pure.

At 80 two faces are as alike as analyses ask for when they take them for one person's. Scores of different engines mean
the same, similarities do not; ``docs/how-to/person-scores.md`` shows the curves, and what they let through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_SCORE: Final = 80
"""The lowest score that is ever shown: that of the similarity which makes two faces one person's."""

HIGHEST_SCORE: Final = 100

# What is left of 1 where a vector was stored with few digits.
_ONE_PICTURE = 0.999
_STEPS = 100  # of a score: shown with two decimals
# What is lost where a similarity was made of a score; far less than the database's numbers resolve.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores by similarity, straight from knot to knot.

    Attributes:
        knots: similarity and score, both rising; the first score is 0, the last 100.
    """

    knots: tuple[tuple[float, float], ...]

    def score(self, similarity: float) -> float:
        """The score of a similarity, 0 to 100, rounded down to two decimals."""
        (lowest, _), (highest, _) = self.knots[0], self.knots[-1]
        inside = min(max(similarity, lowest), highest)
        for (start, low), (end, high) in pairwise(self.knots):
            if inside <= end:
                exact = low + (high - low) * (inside - start) / (end - start)
                return math.floor(exact * _STEPS + _ROUNDING) / _STEPS
        return float(HIGHEST_SCORE)

    def similarity(self, score: float) -> float:
        """The least similarity of a score from 0 to 100."""
        for (start, low), (end, high) in pairwise(self.knots):
            if score <= high:
                return start + (end - start) * (score - low) / (high - low)
        return self.knots[-1][0]


def _curve(*, strangers: float, unsure: float, same: float, step: float) -> Curve:
    """A curve through 0 at ``strangers``, 50 at ``unsure`` and 80 at ``same``, then 5 more with each step up to 95."""
    certain = tuple((round(same + n * step, 6), LEAST_SCORE + 5.0 * n) for n in range(4))
    return Curve(((strangers, 0.0), (unsure, 50.0), *certain, (_ONE_PICTURE, float(HIGHEST_SCORE))))


DEFAULT: Final = _curve(strangers=0.0, unsure=0.4, same=0.6, step=0.1)
"""For engines that nobody has calibrated."""

CURVES: Final[Mapping[str, Curve]] = {
    "dlib-resnet": _curve(strangers=0.75, unsure=0.91, same=0.93, step=0.01),
    "yunet-sface": _curve(strangers=0.0, unsure=0.3, same=0.4, step=0.1),
}
"""Of each engine that is known, by its name."""


def curve_of(engine: str) -> Curve:
    """The curve of an engine, by its identity: name, version and weights, with a space between."""
    return CURVES.get(engine.partition(" ")[0], DEFAULT)
