"""Vectors of passages: a line, its scene and mixtures of both, on one half of real texts or on the other.

Run from the root of the repository: ``python -m benchmarks.search.passages WHEEL``, with the wheel of Django that
``benchmarks.search.translations`` reads. ``--choosing`` measures the half by which the mixture and the calibration are
chosen. Vectors are compared outside of the database.
"""

from __future__ import annotations

import argparse
import math
import random
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from benchmarks.search.evaluation import FIRST
from benchmarks.search.quality import lines_of
from benchmarks.search.real_texts import descriptions, docstrings
from benchmarks.search.translations import ENGLISH, translations
from benchmarks.search.unrelated import CHECKING, CHOOSING, UNRELATED

from scenedex.analysis.passages import LINE_SHARE
from scenedex.calibration import Baseline
from scenedex.engines.embeddings import USE
from scenedex.engines.embeddings.port import SPECS
from scenedex.engines.embeddings.use import UniversalSentenceTexts
from scenedex.engines.engine import EngineContext
from scenedex.search.calibration import SAMPLE_SIZE, SimilaritySample, scale_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

DOCSTRINGS, DESCRIPTIONS, SCENES, LINES = 240, 80, 120, 8
SHARES: Final = (0.0, 0.2, 0.4, 0.5, 0.6, 1.0)
TAILS: Final = (2.0, 2.1, 2.2, 2.3)
LOW, MEDIUM = 0.3, 0.5
_FEW = 30


@dataclass(frozen=True, slots=True)
class Scene:
    """Lines, a query that they answer, and the number of the line that does if it is known."""

    query: str
    lines: tuple[str, ...]
    right: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """Vectors of scenes, and the number of the scene of each."""

    vectors: Vector
    owners: NDArray[np.int64]

    def similarities(self, query: Vector) -> tuple[Vector, Vector]:
        """Return the similarity of each vector, and the best of each scene."""
        each = self.vectors @ query
        best = np.full(int(self.owners[-1]) + 1, -1, np.float32)
        np.maximum.at(best, self.owners, each)
        return each, best

    def scorer(self, each: Vector, baseline: Baseline) -> Callable[[float], float]:
        """Return the conversion of similarities to scores for a query."""
        sample = np.random.default_rng(0).permutation(each)[:SAMPLE_SIZE]
        median, low = (float(np.percentile(sample, share)) for share in (50, 15.87))
        return scale_of(SimilaritySample(len(sample), len(each), median, low), baseline).score


def texts() -> list[Scene]:
    documents = [*docstrings(DOCSTRINGS), *descriptions()[:DESCRIPTIONS]]
    return [Scene(one.query, tuple(line.strip() for line in lines_of(one))) for one in documents]


def spoken(messages: dict[str, list[str]]) -> list[Scene]:
    """Return scenes of messages in one language. The query is one of them in another language."""
    chance = random.Random(7)  # noqa: S311  # the same ones each time
    languages = list(messages)
    found: list[Scene] = []
    for number in range(SCENES):
        language = languages[number % len(languages)]
        others = [one for one in languages if one != ENGLISH]
        other = others[number // len(languages) % len(others)] if language == ENGLISH else ENGLISH
        chosen, right = chance.sample(range(len(messages[language])), LINES), chance.randrange(LINES)
        lines = tuple(messages[language][one] for one in chosen)
        found.append(Scene(messages[other][chosen[right]], lines, right))
    return found


class Bench:
    """Embeds texts once each."""

    def __init__(self) -> None:
        self._engine = UniversalSentenceTexts(EngineContext(USE))
        self.embed = lru_cache(maxsize=None)(self._engine.embed_query)

    def archive(self, scenes: Sequence[Scene], share: float) -> Archive:
        """Return the mixtures of each line, which has the share, and its scene."""
        vectors: list[Vector] = []
        owners: list[int] = []
        for number, scene in enumerate(scenes):
            whole = self.embed("\n".join(dict.fromkeys(scene.lines)))
            for line in scene.lines:
                mixed = share * self.embed(line) + (1 - share) * whole
                vectors.append((mixed / np.linalg.norm(mixed)).astype(np.float32))
                owners.append(number)
        return Archive(np.array(vectors, np.float32), np.array(owners))

    def row(self, scenes: Sequence[Scene], unrelated: Sequence[str], share: float, baseline: Baseline) -> str:
        """Return a row of the table of shares."""
        archive = self.archive(scenes, share)
        gain, found, right = 0.0, 0, 0
        for number, scene in enumerate(scenes):
            each, best = archive.similarities(self.embed(scene.query))
            rank = int((best > best[number]).sum())
            gain += 1 / math.log2(rank + 2) if rank < FIRST else 0
            found += archive.scorer(each, baseline)(float(best[number])) >= MEDIUM
            right += int(each[archive.owners == number].argmax()) == scene.right
        low, medium = self.false_hits([archive], unrelated, baseline)
        count = len(scenes)
        return f"{share} | {gain / count:.3f} | {found / count:.1%} | {right / count:.1%} | {low:.1%} | {medium:.1%}"

    def false_hits(
        self, archives: Sequence[Archive], queries: Sequence[str], baseline: Baseline
    ) -> tuple[float, float]:
        """Return the shares of queries and archives with a hit at LOW and at MEDIUM."""
        scores: list[float] = []
        for archive in archives:
            for query in queries:
                each, best = archive.similarities(self.embed(query))
                scores.append(archive.scorer(each, baseline)(float(best.max())))
        return sum(one >= LOW for one in scores) / len(scores), sum(one >= MEDIUM for one in scores) / len(scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--choosing", action="store_true", help="measure the half by which numbers are chosen")
    options = parser.parse_args()
    half = slice(0 if options.choosing else 1, None, 2)
    unrelated = CHOOSING if options.choosing else (*CHECKING, *UNRELATED)
    messages = translations(options.wheel)
    bench = Bench()
    kinds = {"texts": texts()[half], "scenes of messages": spoken(messages)[half]}
    known = next(spec.calibration for spec in SPECS if spec.engine == USE)
    assert isinstance(known, Baseline)
    for name, scenes in kinds.items():
        print(
            f"\n| share of the line, {len(scenes)} {name} | nDCG@{FIRST} | right scene at MEDIUM | right line |", end=""
        )
        print(" unrelated, LOW | MEDIUM |\n|---|---|---|---|---|---|")
        for share in SHARES:
            print(f"| {bench.row(scenes, unrelated, share, known)} |", flush=True)
    lines = [[Scene("", (one,)) for one in found[half]] for found in messages.values()]
    few = [kinds["texts"][:_FEW], kinds["texts"][_FEW : 2 * _FEW]]
    archives = [bench.archive(one, LINE_SHARE) for one in (*kinds.values(), *few, *lines)]
    print(f"\n| tail | {len(unrelated)} unrelated, LOW | MEDIUM |\n|---|---|---|")
    for tail in TAILS:
        low, medium = bench.false_hits(archives, unrelated, replace(known, tail=tail))
        print(f"| {tail} | {low:.2%} | {medium:.2%} |", flush=True)


if __name__ == "__main__":
    main()
