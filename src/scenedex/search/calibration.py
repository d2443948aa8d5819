"""What a likeness is worth: from a similarity to a score, by what is usual among the scenes of the workspace. Pure.

An engine's similarities mean nothing by themselves: one query is a little like everything, another like nothing. So
every query is first compared with a sample of the scenes that it could find. Most of them are no answer; their median
says what likeness chance brings about. Where the sample is small, what the engine makes of unrelated pairs in general,
its `Habit`, stands in for scenes that are not there. The score of a scene says how far it stands out, less how far the
most similar of so many unrelated scenes would: 50 is just beyond chance. How the habits were measured, and how often
nonsense finds something, is in ``docs/how-to/search.md``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE: Final = 512
"""Scenes that a query is compared with to learn what is usual."""

_PRIOR = 40
"""Scenes that an engine's habit stands for."""

_STEEPNESS = 0.5
"""How fast scores rise with the distance from chance, in spreads."""

# A few scenes are measured as strictly as some more would be: their likeness to a word may be chance all the same.
_FEWEST = 200
# Beyond so many, unrelated scenes repeat each other: the most similar of them is hardly more similar.
_MOST = 10_000
_CLOSEST = 1e-4
"""Nearer to a similarity of 1 than this nothing is told apart."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How an engine compares what has nothing to do with each other, in closenesses.

    Attributes:
        middle: of unrelated pairs.
        spread: their standard deviation.
        tail: how much farther than a normal distribution's their outliers lie.
    """

    middle: float
    spread: float
    tail: float


@dataclass(frozen=True, slots=True)
class Usual:
    """The similarities of a query to a sample of scenes.

    Attributes:
        sampled: scenes in the sample.
        scenes: scenes that the sample stands for.
        median: of the similarities.
        low: the similarity below which 16 % of them lie: a spread below the median, whatever the answers are above it.
    """

    sampled: int
    scenes: int
    median: float
    low: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Scores of one query's similarities, 0 to 1.

    Attributes:
        half: the closeness whose score is one half.
        spread: the closeness that one spread makes.
    """

    half: float
    spread: float

    def score(self, similarity: float) -> float:
        """The score of a similarity."""
        return 1 / (1 + math.exp(-_STEEPNESS * (closeness(similarity) - self.half) / self.spread))

    def similarity(self, score: float) -> float:
        """The least similarity of a score, which is less than 1; any has a score of 0 or more."""
        if score <= 0:
            return -math.inf
        return 1 - math.exp(-(self.half + self.spread * math.log(score / (1 - score)) / _STEEPNESS))


def closeness(similarity: float) -> float:
    """A cosine stretched towards 1: where half of the difference that is left goes, 0.69 is gained."""
    return -math.log(max(1 - similarity, _CLOSEST))


def scale_of(usual: Usual, habit: Habit) -> Scale:
    """The scale of a query, by its similarities to a sample of scenes and the habit of the engine.

    A query that is less like everything than the engine's unrelated pairs are, such as noise, is measured from these.
    """
    count, median = usual.sampled, closeness(usual.median)
    measured = median - closeness(usual.low)
    middle = (count * median + _PRIOR * habit.middle) / (count + _PRIOR)
    spread = math.sqrt((count * measured**2 + _PRIOR * habit.spread**2) / (count + _PRIOR))
    # Scenes that are all about one thing lie far apart for a query about it; that makes its best hits no worse.
    spread = min(max(spread, habit.spread / 2), habit.spread)
    beyond = habit.tail * math.sqrt(2 * math.log(min(max(usual.scenes, _FEWEST), _MOST)))
    return Scale(max(middle, habit.middle) + beyond * spread, spread)


WORDS: Final[Mapping[str, Habit]] = {
    "all-minilm-l6-v2": Habit(0.045, 0.055, 2.3),
    "multilingual-e5-small": Habit(1.45, 0.12, 2.3),
}
"""Of texts compared with the words of scenes, by the weights of the engine."""

PICTURES: Final[Mapping[str, Habit]] = {"mpeg7": Habit(2.3, 0.3, 2.0), "siglip2": Habit(0.8, 0.25, 2.0)}
"""Of pictures compared with keyframes, by the name of the engine."""

PICTURED_WORDS: Final = Habit(0.0, 0.03, 1.5)
"""Of texts compared with keyframes by SigLIP 2."""

UNKNOWN: Final = Habit(0.3, 0.15, 2.3)
"""Of engines that nobody has measured."""
