"""Supported sentences that the check of answers of language models drops.

The sentences are those of the bundled engine, which are made of the evidence alone, so that each one that is dropped is
an error of the check, except those with a duration, which no model may write.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.summaries.rows import KINDS, MATERIALS, row_of

from scenedex.engines.engine import EngineContext
from scenedex.engines.summaries import COMPOSED, EvidencePicture
from scenedex.engines.summaries.composed import ComposedSummariser
from scenedex.engines.summaries.vision.answers import ClaimedSentence
from scenedex.engines.summaries.vision.evidence import BASES, citable_evidence
from scenedex.engines.summaries.vision.prompt import text_tokens
from scenedex.engines.summaries.vision.support import check_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.summaries import SceneEvidence, SceneSummary, SummaryLocale, SummarySentence

_ROOM = 8000  # tokens of evidence, enough for every scene


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--seeds", type=int, default=10, help="rows of each kind and locale")
    parser.add_argument("--print", action="store_true", help="print the sentences that are dropped")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    print("locale  sentences  dropped  reasons")
    for locale in MATERIALS:
        rows = [row_of(kind, locale, seed) for kind in KINDS for seed in seeds]
        measure(locale, rows, shows=options.print)


def measure(locale: SummaryLocale, rows: Sequence[Sequence[SceneEvidence]], *, shows: bool) -> None:
    """Print how many sentences are dropped, and why."""
    summariser = ComposedSummariser(EngineContext(COMPOSED))
    count, reasons = 0, Counter[str]()
    for row in rows:
        before: list[SceneSummary] = []
        for scene in row:
            before.append(asyncio.run(summariser.summarise(scene, locale, before)))
            for sentence in before[-1].sentences:
                count += 1
                found = faults_of(scene, sentence, locale)
                reasons.update(found)
                if shows and found:
                    print("  ", *found, sentence.text)
    print(f"{locale}  {count:9}  {reasons.total():7}  {dict(reasons)}")


def faults_of(scene: SceneEvidence, sentence: SummarySentence, locale: SummaryLocale) -> list[str]:
    """Return the faults of a sentence that cites all evidence of its basis."""
    pictured = replace(scene, pictures=(EvidencePicture(scene.start_ms, b""),))
    evidence = citable_evidence(pictured, 1, _ROOM, text_tokens)
    ids = tuple(one for one, item in evidence.items.items() if BASES[item.kind] == sentence.basis)
    claimed = ClaimedSentence(sentence.text, sentence.basis, ids)
    return [fault.name for fault in check_sentences([claimed], pictured, evidence, locale).faults]


if __name__ == "__main__":
    main()
