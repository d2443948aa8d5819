"""64 clients on a million assets: rates, times, errors, memory, and calls over the rates.

Takes a data folder that ``benchmarks.search.filling`` has filled, and adds assets until there are a million. Prints
Markdown tables for the README. Run from the root of the repository:
``python -m benchmarks.load.mixed --data-dir FOLDER``.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import statistics
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import psycopg
from benchmarks.api import filling
from benchmarks.api.running import Key, Server, children, create_key, memory_mib, serving
from benchmarks.load.asking import SHARES, Answered, Person, Place, ask_in_threads
from benchmarks.search.filled import WORKSPACE, Filled
from PIL import Image

from scenedex.db.embedded import open_embedded
from scenedex.media.samples import drifting

if TYPE_CHECKING:
    from collections.abc import Generator

BUCKET = "photos"
OBJECTS = 20
PROCESSES = 4
CLIENTS = 64
SECONDS_BETWEEN_SAMPLES = 2.0
PRESIGNED_IN_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory in MiB, by who has it, at a time in seconds."""

    second: float
    api: float
    worker: float


def _prepare(folder: Path, key: Key, server: Server, assets: int, conninfo: str) -> Place:
    """Add what is missing of a million assets in ten projects, and objects to import."""
    filled = Filled.read(folder)
    bucket = folder / "buckets" / BUCKET
    bucket.mkdir(parents=True, exist_ok=True)
    for number in range(OBJECTS):
        Image.fromarray(drifting(number, 640, 360)(number)).save(bucket / f"photo-{number}.png")
    with server.client(key) as client:
        projects = client.projects(WORKSPACE)
        known = {project.name: project.project_id for project in projects.list()}
        ids = [known.get(name) or projects.create(name).project_id for name in (f"load {one}" for one in range(10))]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        first, last = _range(connection, ids)
        if first is None:
            there = connection.execute("SELECT count(*) FROM assets").fetchone()
            assert there is not None
            connection.execute(filling.ASSETS, {"projects": ids, "assets": assets - int(there[0])})
            connection.execute("VACUUM (ANALYZE) assets")
            first, last = _range(connection, ids)
        assert first is not None
        assert last is not None
        rows = connection.execute(
            "SELECT asset_id FROM assets JOIN indexes USING (asset_id) WHERE project_id = %s LIMIT 1000",
            (filled.project_ids[0],),
        ).fetchall()
    # Assets belong to the projects in turns by number, from one, so the first asset belongs to the second project.
    turned = (*ids[1:], ids[0])
    indexed = filled.project_ids[0], tuple(int(asset_id) for (asset_id,) in rows)
    searched = filled.project_ids[1]
    return Place(server.port, WORKSPACE, turned, (first, last), indexed, searched, BUCKET, OBJECTS)


def _range(connection: psycopg.Connection[tuple[int | None, ...]], ids: list[int]) -> tuple[int | None, int | None]:
    row = connection.execute(
        "SELECT min(asset_id), max(asset_id) FROM assets WHERE project_id = ANY(%s) AND import_attempt = 1"
        " AND bucket_name = 'newsroom-footage'",
        (ids,),
    ).fetchone()
    assert row is not None
    return row[0], row[1]


@contextlib.contextmanager
def _sampling(server: Server) -> Generator[list[Sample]]:
    """Memory of API and worker from time to time, until the end of the block."""
    samples, stop, begun = list[Sample](), Event(), time.monotonic()
    worker = next(pid for pid in children(server.pid) if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def sample() -> None:
        while not stop.wait(SECONDS_BETWEEN_SAMPLES):
            samples.append(Sample(time.monotonic() - begun, memory_mib(server.pid), memory_mib(worker)))

    thread = Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        stop.set()
        thread.join()


def _print_calls(answered: Answered, seconds: float) -> None:
    print("| call | share, % | per second | p50, ms | p99, ms | errors |\n|---|---|---|---|---|---|")
    for kind in (*SHARES, "all"):
        calls = [call for call in answered.calls if kind in (call[0], "all")]
        times = sorted(1000 * one for _, one, _ in calls)
        errors = Counter(status for _, _, status in calls if status != 200)  # OK
        print(
            f"| {kind} | {SHARES.get(kind, 100)} | {len(calls) / seconds:.1f} | {statistics.median(times):.1f}"
            f" | {times[int(0.99 * (len(times) - 1))]:.1f} | {dict(errors) or 0} |"
        )


def _print_memory(samples: list[Sample]) -> None:
    print("\n| process | after a minute, MiB | at the end, MiB | peak, MiB |\n|---|---|---|---|")
    early = [one for one in samples if one.second > 60][:5] or samples[:5]  # a minute
    for name in ("api", "worker"):
        first = statistics.median(getattr(one, name) for one in early)
        last = statistics.median(getattr(one, name) for one in samples[-5:])
        print(f"| {name} | {first:.0f} | {last:.0f} | {max(getattr(one, name) for one in samples):.0f} |")


def _print_refusals(people: list[Person]) -> None:
    """Ask for more presigned URLs with one key than may be asked for in a second."""
    begun = time.monotonic()

    def ask(person: Person) -> list[int]:
        return [person.open_upload(number) for number in range(PRESIGNED_IN_A_SECOND)]

    with ThreadPoolExecutor(len(people)) as pool:
        statuses = Counter(status for part in pool.map(ask, people) for status in part)
    print(f"\nPresigned URLs requested within {time.monotonic() - begun:.1f} s, by status: {dict(statuses)}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    folder: Path = options.data_dir
    keys = [create_key(folder) for _ in range(PROCESSES)]
    with contextlib.closing(open_embedded(folder)) as postgres, serving(folder, workers=1) as server:
        place = _prepare(folder, keys[0], server, options.assets, postgres.conninfo)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before\n")
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool, _sampling(server) as samples:
            running = [
                pool.submit(ask_in_threads, place, key, CLIENTS // PROCESSES, options.seconds, 1000 * number)
                for number, key in enumerate(keys)
            ]
            answered = Answered([call for one in running for call in one.result().calls])
        _print_calls(answered, options.seconds)
        _print_memory(samples)
        with psycopg.connect(postgres.conninfo) as connection:
            for row in connection.execute(
                "SELECT import_status, count(*) FROM assets WHERE bucket_name = %s GROUP BY 1 ORDER BY 1", (BUCKET,)
            ):
                print(f"\nImports {row[0]}: {row[1]}")
        _print_refusals([Person(place, keys[0], number) for number in range(8)])


if __name__ == "__main__":
    main()
