"""Analyses by one worker and by two on the same machine, in turns, and the costs of an import and an analysis.

Prints Markdown tables for the README. Run from the root of the repository: ``python -m benchmarks.scale.workers``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from benchmarks.api.running import HOST, create_key, serving, temporary_folder

from scenedex.client import AnalysisOptions
from scenedex.db.embedded import open_embedded
from scenedex.media.samples import SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.api.running import Key, Server

WORKSPACE = "scale"
BUCKET = "films"
# As on machines of one core each: what one worker has, another cannot use.
ONE_CORE = {"SCENEDEX_ENGINES_THREADS": "1", "SCENEDEX_MEDIA_DECODE_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Costs:
    """Committed transactions and rows written, as PostgreSQL counts them."""

    transactions: int
    rows: int


def write_films(folder: Path, count: int, seconds: int) -> list[str]:
    """Write films of several shots, no two alike. Return their names."""
    folder.mkdir(parents=True)
    names = [f"film-{number}.mp4" for number in range(count)]
    for number, name in enumerate(names):
        takes = [Take(25 * seconds // 3, drifting(10 * number + take, 640, 360)) for take in range(3)]
        write_video(folder / name, takes, SampleFormat(width=640, height=360, sound="aac"))
    return names


def costs(folder: Path) -> Costs:
    """Return the work of the database so far."""
    postgres = open_embedded(folder)
    try:
        with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
            time.sleep(1.5)  # counts come with some delay
            row = connection.execute(
                "SELECT xact_commit, tup_inserted + tup_updated + tup_deleted FROM pg_stat_database"
                " WHERE datname = current_database()"
            ).fetchone()
            assert row is not None
            return Costs(*row)
    finally:
        postgres.close()


def run(server: Server, key: Key, folder: Path, names: Sequence[str]) -> Mapping[str, float]:
    """Import and analyse all films. Return the seconds and costs of each part."""
    with server.client(key) as client:
        client.workspaces.create(WORKSPACE)
        project = client.projects(WORKSPACE).list()[0].project_id
        assets = client.assets(WORKSPACE, project)
        before, begun = costs(folder), time.perf_counter()
        ids = [assets.register(BUCKET, name).asset_id for name in names]
        for asset_id in ids:
            assert assets.wait_import(asset_id).upload_status == "COMPLETED"
        imported, importing = costs(folder), time.perf_counter() - begun
        begun = time.perf_counter()
        for asset_id in ids:
            client.index(WORKSPACE, project, asset_id).request(AnalysisOptions(analysis_person_count=0))
        for asset_id in ids:
            client.index(WORKSPACE, project, asset_id).wait(timeout=3600)
        analysing, analysed = time.perf_counter() - begun, costs(folder)
    with urllib.request.urlopen(f"http://{HOST}:{server.port}/metrics") as answer:  # our own server
        assert b"scenedex_jobs" in answer.read()
    return {
        "import, s": importing / len(names),
        "transactions of an import": (imported.transactions - before.transactions) / len(names),
        "rows of an import": (imported.rows - before.rows) / len(names),
        "analysis, s": analysing / len(names),
        "transactions of an analysis": (analysed.transactions - imported.transactions) / len(names),
        "rows of an analysis": (analysed.rows - imported.rows) / len(names),
    }


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    os.environ.update(ONE_CORE)
    found: dict[int, list[Mapping[str, float]]] = {1: [], 2: []}
    for repeat in range(options.repeats):
        for workers in (1, 2) if repeat % 2 == 0 else (2, 1):
            with temporary_folder(Path(tempfile.gettempdir())) as folder:
                names = write_films(folder / "buckets" / BUCKET, options.films, options.seconds)
                key = create_key(folder)
                with serving(folder, workers=workers) as server:
                    found[workers].append(run(server, key, folder, names))
            print(f"<!-- {workers}: {found[workers][-1]} -->", flush=True)
    print("| | 1 worker | 2 workers | ratio |\n|---|---|---|---|")
    for name in found[1][0]:
        one, two = (statistics.median(one[name] for one in found[workers]) for workers in (1, 2))
        print(f"| {name} | {one:.2f} | {two:.2f} | {one / two:.2f} |")


if __name__ == "__main__":
    main()
