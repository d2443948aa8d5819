"""Calibration: converts the similarity of a scene to a score by comparison with unrelated scenes. Pure.

The similarities of an engine mean nothing by themselves. One query is a little similar to everything, another to
nothing. So each query is first compared with a sample of the workspace's scenes. Most of them are no answer, and their
median is the similarity that chance produces. A small sample is complemented by the engine's `Baseline`: its
similarities of unrelated pairs in general. The score of a scene says how far it stands out, less how far the most
similar of so many unrelated scenes would. A score of 50 is just beyond chance. ``docs/how-to/search.md`` says how the
baselines were measured, and how often nonsense finds something.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scenedex.calibration import Baseline

SAMPLE_SIZE: Final = 512
"""Number of scenes in the sample that a query is compared with."""

_PRIOR_SCENES = 40
"""Number of scenes that the baseline of an engine weighs as much as."""

_STEEPNESS = 0.5
"""Growth of the score's logit for each spread beyond the midpoint."""

# Few scenes are measured as strictly as this many. They may also be similar to a word by chance.
_MIN_SCENES = 200
# Among more, unrelated scenes repeat each other, and the most similar one is hardly more similar.
_MAX_SCENES = 10_000
_MIN_DISTANCE = 1e-4
"""Minimum distance of a similarity from 1. Smaller ones are not distinguished."""


@dataclass(frozen=True, slots=True)
class SimilaritySample:
    """Similarities of a query to a sample of scenes.

    Attributes:
        scenes: number of scenes that the sample represents.
        low: similarity that 16 % of the sample are below. It is one spread below the median, however similar the best
            scenes are.
    """

    size: int
    scenes: int
    median: float
    low: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Conversion between the similarities of one query and scores of 0 to 1.

    Attributes:
        midpoint: closeness whose score is one half.
        spread: spread of the closenesses of unrelated scenes.
    """

    midpoint: float
    spread: float

    def score(self, similarity: float) -> float:
        """Convert a similarity to a score."""
        return 1 / (1 + math.exp(-_STEEPNESS * (closeness(similarity) - self.midpoint) / self.spread))

    def similarity(self, score: float) -> float:
        """Return the minimum similarity of a score, which is less than 1. Every scene has a score of at least 0."""
        if score <= 0:
            return -math.inf
        return 1 - math.exp(-(self.midpoint + self.spread * math.log(score / (1 - score)) / _STEEPNESS))


def closeness(similarity: float) -> float:
    """Stretch a cosine towards 1. Each time the distance from 1 is halved, the closeness rises by 0.69."""
    return -math.log(max(1 - similarity, _MIN_DISTANCE))


def scale_of(sample: SimilaritySample, baseline: Baseline) -> Scale:
    """Return the scale of a query, by its similarities to a sample of scenes and the baseline of the engine.

    The scale starts at the baseline if the query is less similar to everything than unrelated pairs are, as noise is.
    """
    count, median = sample.size, closeness(sample.median)
    sampled_spread = median - closeness(sample.low)
    center = (count * median + _PRIOR_SCENES * baseline.mean) / (count + _PRIOR_SCENES)
    spread = math.sqrt((count * sampled_spread**2 + _PRIOR_SCENES * baseline.spread**2) / (count + _PRIOR_SCENES))
    # A query about the one subject of all scenes has a wide spread, which must not lower its best scores.
    spread = min(max(spread, baseline.spread / 2), baseline.spread)
    beyond = baseline.tail * math.sqrt(2 * math.log(min(max(sample.scenes, _MIN_SCENES), _MAX_SCENES)))
    return Scale(max(center, baseline.mean) + beyond * spread, spread)
