"""Time until `scenedex serve` is ready, and memory of its API process.

On a warm folder: the database exists and is started and stopped with the server each time, workers included. Measured
against the start of a Python process that imports nothing. Prints a Markdown table for the README and removes its
files. Run from the root of the repository: ``python -m benchmarks.start.ready``.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.api.running import memory_mib, serving, temporary_folder


def start(folder: Path) -> tuple[float, float]:
    """Seconds until the server was ready, and the MiB that its process had then."""
    with serving(folder, workers=1) as server:
        return server.seconds_to_ready, memory_mib(server.pid)


def start_of_python() -> float:
    """Seconds that an idle interpreter takes."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - begun


def measure(folder: Path, repeats: int) -> None:
    first, _ = start(folder)
    pairs = [(start(folder), start_of_python()) for _ in range(repeats)]
    print("| repeat | ready, s | memory of the API process, MiB | idle Python, s | ready : idle Python |")
    print("|---|---|---|---|---|")
    for name, ((ready, memory), idle) in enumerate(pairs, start=1):
        print(f"| {name} | {ready:.2f} | {memory:.0f} | {idle:.3f} | {ready / idle:.0f} |")
    ready = statistics.median(ready for (ready, _), _ in pairs)
    memory = statistics.median(memory for (_, memory), _ in pairs)
    idle = statistics.median(idle for _, idle in pairs)
    ratio = statistics.median(ready / idle for (ready, _), idle in pairs)
    print(f"| **median** | {ready:.2f} | {memory:.0f} | {idle:.3f} | {ratio:.0f} |")
    print(f"\nThe first start, on an empty folder: {first:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    with temporary_folder(options.folder) as folder:
        measure(folder, options.repeats)


if __name__ == "__main__":
    main()
