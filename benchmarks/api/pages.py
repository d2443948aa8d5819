"""Speed of a page of a million assets, measured against a bare handler of the same bytes.

The API and the bare handler answer in turns, so that other load on the machine affects both. Prints a Markdown table
for the README and removes its files. Run from the root of the repository: ``python -m benchmarks.api.pages``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.api.filling import filled_server
from benchmarks.api.loading import Load, answer, clients
from benchmarks.api.running import free_port, memory_mib, started, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 1000
FAR_PAGE = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """Pages a second of the API and of the bare handler, first page and far page, within a moment of each other."""

    api: float
    bare: float
    api_far: float
    bare_far: float


def measure(folder: Path, assets: int, seconds: float, repeats: int, numbers: Sequence[int]) -> None:
    with filled_server(folder, assets) as site:
        port = free_port()
        arguments = ["-m", "benchmarks.api.bare", site.conninfo, str(port), str(site.archive.project_id)]
        with started(arguments, port, f"/?pageNum=1&pageSize={PAGE_SIZE}", folder / "bare.log") as bare:
            loads = [
                Load(at, signer, "GET", f"{path}?pageNum={number}&pageSize={PAGE_SIZE}")
                for number in (1, FAR_PAGE)
                for at, signer, path in ((site.server.port, site.key, site.archive.assets), (bare.port, None, "/"))
            ]
            first, bare_first, far, bare_far = map(answer, loads)
            assert first == bare_first
            assert far == bare_far
            print(f"{assets} assets; {len(first)} bytes a page of {PAGE_SIZE}\n")
            print("| clients | | lower quartile | median | upper quartile |")
            print("|---|---|---|---|---|")
            for number in numbers:
                with clients(number) as running:
                    for load in loads:
                        running.run(load, 1)
                    turns = [Turn(*(running.run(load, seconds).rate for load in loads)) for _ in range(repeats)]
                report(number, turns)
            print(f"\nMemory of the API process at its highest: {memory_mib(site.server.pid, peak=True):.0f} MiB")


def report(number: int, turns: Sequence[Turn]) -> None:
    for name, values in (
        ("API, pages/s", [turn.api for turn in turns]),
        ("bare handler, pages/s", [turn.bare for turn in turns]),
        ("rate of page 1, API : bare", [turn.api / turn.bare for turn in turns]),
        (f"rate of page {FAR_PAGE}, API : bare", [turn.api_far / turn.bare_far for turn in turns]),
        (f"time of page {FAR_PAGE} : page 1, API", [turn.api / turn.api_far for turn in turns]),
        (f"time of page {FAR_PAGE} : page 1, bare", [turn.bare / turn.bare_far for turn in turns]),
    ):
        print(f"| {number} | {name} | {' | '.join(f'{value:.2f}' for value in statistics.quantiles(values, n=4))} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn")
    parser.add_argument("--repeats", type=int, default=25)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4])
    options = parser.parse_args()
    with temporary_folder(options.folder) as folder:
        measure(folder, options.assets, options.seconds, options.repeats, options.clients)


if __name__ == "__main__":
    main()
