"""Compares the keywords of texts with the nouns and names that people search for.

python -m benchmarks.keywords.quality [--half tuning|held-out] [--misses]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from benchmarks.keywords.texts import Sample, read_samples

from scenedex.engines.keywords import RecognisedText, TextOrigin, find_terms
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 5
CONFIDENCE = 0.95


def keywords_of(sample: Sample) -> list[str]:
    """Return the keywords of the texts of a sample, five seconds each."""
    origin = TextOrigin.SAID if sample.is_said else TextOrigin.SHOWN
    ranges = [
        TimeRange(Timecode(Fraction(SECONDS * n)), Timecode(Fraction(SECONDS * (n + 1))))
        for n in range(len(sample.texts))
    ]
    passages = [RecognisedText(text, CONFIDENCE, span, origin) for text, span in zip(sample.texts, ranges, strict=True)]
    return [term.text.casefold() for term in find_terms(passages)]


def is_wanted(keyword: str, wanted: Sequence[str]) -> bool:
    """Return whether a keyword is a wanted one, a part of one, or mostly made of wanted ones."""
    rest = keyword
    for word in sorted(wanted, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    is_part = len(keyword) > 1 and any(keyword in word.casefold() for word in wanted)
    return is_part or 2 * len(rest.replace(" ", "")) <= len(keyword)


def main() -> None:
    """Print the shares of found and of right keywords by language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", default="held-out")
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    samples = read_samples()
    keywords_of(samples[-1])  # loads the dictionary
    for language in ("en", "ko", "ja", "zh"):
        counts: Counter[str] = Counter()
        began = time.perf_counter()
        for sample in (one for one in samples if one.language == language and one.half == asked.half):
            found = keywords_of(sample)
            exact = [word for word in sample.wanted if word.casefold() in found]
            within = [word for word in sample.wanted if any(word.casefold() in one for one in found)]
            right = [keyword for keyword in found if is_wanted(keyword, sample.wanted)]
            counts.update(
                wanted=len(sample.wanted), exact=len(exact), within=len(within), found=len(found), right=len(right)
            )
            counts.update(seconds=SECONDS * len(sample.texts))
            if asked.misses:
                print(sorted(set(sample.wanted) - set(within)), sorted(set(found) - set(right)))
        spent = (time.perf_counter() - began) * 1000 * 60 / counts["seconds"]
        print(
            f"{language}: found {counts['exact'] / counts['wanted']:.2f}, "
            f"also in longer keywords {counts['within'] / counts['wanted']:.2f}, "
            f"right {counts['right'] / counts['found']:.2f}, {spent:.1f} ms per minute"
        )


if __name__ == "__main__":
    main()
