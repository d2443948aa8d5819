"""Compares the text that the stage reads in drawn films with what is written in them.

python -m benchmarks.text.quality [--half tuning|held-out] [--kind KIND] [--films N] [--misses]

A line is read if a text of the index is the same, apart from case, and its time overlaps that of the line. Its start is
right if it lies between the times at which the line enters and is settled, give or take half a second. A piece is a
partial or wrong reading, or the second publication of a line.
"""

from __future__ import annotations

import argparse
import io
import time
from collections import Counter
from fractions import Fraction

from benchmarks.text.films import KINDS, Film, Line, film

from scenedex.analysis.stages.text import TextRegion, read_text
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.text import RAPIDOCR, TEXT, TextReader
from scenedex.media.stills import StillPack, StillPackWriter
from scenedex.timeline import Timecode

FIRST_SEED = {"tuning": 100, "held-out": 5000}
STILLS_PER_SECOND = 2
TOLERANCE = 0.5


def read(drawn: Film, reader: TextReader) -> list[TextRegion]:
    """Return the text of a film with two stills per second."""
    file = io.BytesIO()
    pack = StillPackWriter(file, quality=90)
    for number in range(round(drawn.seconds * STILLS_PER_SECOND)):
        at = number / STILLS_PER_SECOND
        pack.add(Timecode(Fraction(number, STILLS_PER_SECOND)), drawn.picture(at))
    pack.close()
    duration = Timecode(Fraction(drawn.seconds).limit_denominator(1000))
    return list(read_text(StillPack(file), reader, duration=duration, cuts=[], report=ignore_progress).regions)


def ignore_progress(_fraction: float, _done: int) -> None:
    """Ignore progress."""


def compare(drawn: Film, regions: list[TextRegion], *, shows_misses: bool) -> Counter[str]:
    """Count the lines that are read, that start right, and the pieces."""
    counts: Counter[str] = Counter(lines=len(drawn.lines), texts=len(regions))
    free = list(regions)
    for line in drawn.lines:
        match = next((one for one in free if is_reading(one, line)), None)
        if match is None:
            if shows_misses:
                print(f"  {drawn.kind}: not read: {line}")
            continue
        free.remove(match)
        counts["read"] += 1
        start = float(match.span.range().start.seconds)
        is_right = line.enters - TOLERANCE <= start <= line.settled + TOLERANCE
        counts["right start"] += is_right
        if shows_misses and not is_right:
            print(f"  {drawn.kind}: starts at {start:.2f}: {line}")
    counts["pieces"] += len(free)
    for piece in free if shows_misses else []:
        span = piece.span.range()
        begin, end = float(span.start.seconds), float(span.end.seconds)
        print(f"  {drawn.kind}: piece {piece.text!r} {piece.confidence:.2f} from {begin:.2f} to {end:.2f}")
    return counts


def is_reading(region: TextRegion, line: Line) -> bool:
    """Return whether a text is the line, at its time."""
    span = region.span.range()
    return (
        region.text.casefold() == line.text.casefold()
        and float(span.start.seconds) < line.gone
        and float(span.end.seconds) > line.enters
    )


def main() -> None:
    """Print the counts by kind of film."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=list(FIRST_SEED), default="held-out")
    parser.add_argument("--kind", choices=list(KINDS), action="append")
    parser.add_argument("--films", type=int, default=6)
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    (spec,) = (one for one in EngineRegistry().specs(TEXT) if one.engine == RAPIDOCR)
    reader = open_engine(TEXT, spec.choice(None), threads=1)
    total: Counter[str] = Counter()
    for kind in asked.kind or KINDS:
        counts: Counter[str] = Counter()
        began = time.process_time()
        for seed in range(asked.films):
            drawn = film(kind, FIRST_SEED[asked.half] + seed)
            counts += compare(drawn, read(drawn, reader), shows_misses=asked.misses)
        print_counts(kind, counts, time.process_time() - began)
        total += counts
    print_counts("all", total, 0)


def print_counts(kind: str, counts: Counter[str], seconds: float) -> None:
    """Print a line of results."""
    lines = counts["lines"]
    print(
        f"{kind}: {lines} lines, read {counts['read']}, right start {counts['right start']}, "
        f"pieces {counts['pieces']} ({counts['pieces'] / lines:.2f} a line), {seconds:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
