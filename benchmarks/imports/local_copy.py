"""Speed of copying a local object for an asset, measured against ``cp`` on the same disk.

Both copy one file of random bytes in turns, so that other load on the machine affects both. Prints a Markdown table
for the README and removes its files. Run: ``python benchmarks/imports/local_copy.py [--folder DIR] [--size-mb N]``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import Callable

MB = 1_000_000


def write_film(path: Path, size_bytes: int) -> None:
    with path.open("wb") as film:
        for start in range(0, size_bytes, MB):
            film.write(os.urandom(min(MB, size_bytes - start)))
        film.flush()
        os.fsync(film.fileno())


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one copy, in seconds of wall time and of processor time."""

    seconds: float
    cpu_seconds: float


class Meter:
    """Measures from its making on."""

    def __init__(self, who: int) -> None:
        os.sync()
        self._who = who
        self._begun = time.perf_counter()
        self._used = self._cpu_seconds()

    def _cpu_seconds(self) -> float:
        usage = resource.getrusage(self._who)
        return usage.ru_utime + usage.ru_stime

    def read(self) -> Cost:
        """Return the cost since the start."""
        return Cost(time.perf_counter() - self._begun, self._cpu_seconds() - self._used)


def cost_of_cp(source: Path, target: Path) -> Cost:
    meter = Meter(resource.RUSAGE_CHILDREN)
    subprocess.run(["cp", "--", source, target], check=True)  # noqa: S607 -- the cp of this system is the measure
    cost = meter.read()
    target.unlink()
    return cost


async def cost_of_import(buckets: LocalBuckets, store: LocalStore) -> Cost:
    reports = 0

    async def on_progress(_bytes_done: int) -> None:
        nonlocal reports
        reports += 1

    meter = Meter(resource.RUSAGE_SELF)
    expected = await buckets.head("films", "film.mp4")
    await store.import_from(buckets, "films", "film.mp4", "copy", expected=expected, on_progress=on_progress)
    cost = meter.read()
    await store.delete("copy")
    assert reports > 0
    return cost


async def measure(folder: Path, size_bytes: int, repeats: int) -> None:
    film = folder / "buckets" / "films" / "film.mp4"
    film.parent.mkdir(parents=True)
    write_film(film, size_bytes)
    buckets, store = LocalBuckets(folder / "buckets"), LocalStore(folder / "managed")
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    cost_of_cp(film, folder / "warm-up")
    await cost_of_import(buckets, store)
    pairs = [(cost_of_cp(film, folder / "cp"), await cost_of_import(buckets, store)) for _ in range(repeats)]

    after_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("| repeat | cp, s | import, s | speed, import : cp | cp, CPU s | import, CPU s | CPU, import : cp |")
    print("|---|---|---|---|---|---|---|")
    for number, (cp, ours) in enumerate(pairs, start=1):
        print(row(str(number), cp, ours))
    for name, average in (("median", statistics.median), ("best", min)):
        print(row(name, *(averaged([pair[index] for pair in pairs], average) for index in range(2))))
    print(f"\n{size_bytes / MB:.0f} MB; peak memory of the process {after_kib / 1024:.0f} MiB,", end=" ")
    print(f"{(after_kib - before_kib) / 1024:.1f} MiB of it since before the copies.")


def averaged(costs: list[Cost], average: Callable[[list[float]], float]) -> Cost:
    return Cost(average([cost.seconds for cost in costs]), average([cost.cpu_seconds for cost in costs]))


def row(name: str, cp: Cost, ours: Cost) -> str:
    speed, cpu = cp.seconds / ours.seconds, ours.cpu_seconds / cp.cpu_seconds
    clock = f"{cp.seconds:.2f} | {ours.seconds:.2f} | {speed:.2f}"
    return f"| {name} | {clock} | {cp.cpu_seconds:.2f} | {ours.cpu_seconds:.2f} | {cpu:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--size-mb", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="scenedex-imports-", dir=options.folder))
    try:
        asyncio.run(measure(folder, options.size_mb * MB, options.repeats))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
