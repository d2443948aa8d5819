"""Speed of registering objects as assets beside a million others, with rows and jobs durably written.

No worker runs, so that only the call is measured. Prints a Markdown table for the README and removes its files. Run
from the root of the repository: ``python -m benchmarks.api.registering``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from benchmarks.api.filling import filled_server
from benchmarks.api.loading import Answers, Load, clients
from benchmarks.api.running import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.api.filling import Site


def measure(folder: Path, assets: int, seconds: float, repeats: int, numbers: Sequence[int]) -> None:
    with filled_server(folder, assets) as site:
        target = f"{site.archive.assets}/import/object-storage"
        body = {"key": "2026/11/21/interview-{number}.mp4", "bucketName": "newsroom-footage"}
        load = Load(site.server.port, site.key, "POST", target, body)
        before = written(site)
        registered = 0
        print("| clients | calls | errors | calls/s | p50, ms | p99, ms | p99 : p50 |")
        print("|---|---|---|---|---|---|---|")
        for number in numbers:
            with clients(number) as running:
                registered += len(running.run(load, 1).seconds)
                turns = [running.run(load, seconds) for _ in range(repeats)]
            registered += sum(len(turn.seconds) for turn in turns)
            report(number, turns)
        rows, jobs = written(site)
        assert (rows - before[0], jobs - before[1]) == (registered, registered)
        print(f"\nAll {registered} assets and their jobs are in the database.")


def written(site: Site) -> tuple[int, int]:
    """Return the numbers of assets in the project and of imports in the queue."""
    with psycopg.connect(site.conninfo) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM assets WHERE project_id = %s),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'import' AND status = 'todo')",
            (site.archive.project_id,),
        ).fetchone()
    assert found is not None
    return found[0], found[1]


def report(number: int, turns: Sequence[Answers]) -> None:
    calls, errors = sum(len(turn.seconds) for turn in turns), sum(turn.errors for turn in turns)
    rate = statistics.median(turn.rate for turn in turns)
    half, nearly_all = (1000 * statistics.median(turn.percentile(percent) for turn in turns) for percent in (50, 99))
    print(f"| {number} | {calls} | {errors} | {rate:.0f} | {half:.1f} | {nearly_all:.1f} | {nearly_all / half:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5, help="length of a turn")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    options = parser.parse_args()
    with temporary_folder(options.folder) as folder:
        measure(folder, options.assets, options.seconds, options.repeats, options.clients)


if __name__ == "__main__":
    main()
