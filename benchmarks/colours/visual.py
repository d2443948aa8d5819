"""Compare the processor time of the visual pass of two source trees on the same films, alternating.

Run: ``python -m benchmarks.colours.visual OTHER/src FILM...``. Each pass runs in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROUNDS = 5
CODE = """
import sys, tempfile, time
import msgspec
from scenedex.analysis.stages.visual import VisualOptions, run_visual
from scenedex.media.opened import OpenedMedia
with tempfile.TemporaryDirectory() as folder, open(sys.argv[1], "rb") as file:
    opened = OpenedMedia(file, folder, max_pixels=1 << 26, report=lambda _fraction, _done: None)
    begun = time.process_time()
    run_visual(opened, msgspec.json.encode(VisualOptions(threads=2)))
    print(time.process_time() - begun)
"""


def seconds(tree: Path, film: Path) -> float:
    """Processor seconds of one pass."""
    command = [sys.executable, "-c", CODE, str(film)]
    done = subprocess.run(  # the interpreter of this process
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(tree)}
    )
    return float(done.stdout)


def main() -> None:
    """Print the ratio of each film: this tree to the other one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("films", type=Path, nargs="+")
    given = parser.parse_args()
    here = Path(__file__).parents[2] / "src"
    for film in given.films:
        pairs = [(seconds(given.other, film), seconds(here, film)) for _ in range(ROUNDS)]
        before, after = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"{film.name}: {before:.2f} s, {after:.2f} s, ratio {after / before:.2f}")


if __name__ == "__main__":
    main()
