"""Peak memory of an analysis: the worker and all processes below it.

A running server with one worker analyses each file. Prints a Markdown table. Run from the root of the repository:
``python -m benchmarks.analysis.footprint FILE... [--weights DIR] [--folder DIR]``.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.api.running import create_key, descendants, memory_mib, serving, temporary_folder
from benchmarks.imports.end_to_end import worker_of

from scenedex.client import AnalysisOptions

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.client import Client

BUCKET = "footage"
SECONDS_BETWEEN_POLLS = 0.5
SECONDS_BETWEEN_SAMPLES = 0.1


@dataclass
class Peak:
    """Peak resident memory in MiB, and the stage that ran then."""

    memory: float = 0
    stage: str = ""


@contextlib.contextmanager
def watch_memory(worker: int, stage: list[str]) -> Generator[Peak]:
    """Watch the memory of a worker and the processes below it. Pages that they share count more than once."""
    peak = Peak()
    is_done = threading.Event()

    def sample_memory() -> None:
        while not is_done.wait(SECONDS_BETWEEN_SAMPLES):
            total = 0.0
            for process in (worker, *descendants(worker)):
                with contextlib.suppress(OSError, StopIteration):
                    total += memory_mib(process)
            if total > peak.memory:
                peak.memory, peak.stage = total, stage[0]

    thread = threading.Thread(target=sample_memory)
    thread.start()
    try:
        yield peak
    finally:
        is_done.set()
        thread.join()


def analyse(client: Client, key: str, worker: int) -> tuple[float, float, Peak]:
    """Analyse a file. Return its length and the time taken, in seconds, and the peak memory."""
    project = client.projects("benchmark").list()[0]
    assets = client.assets("benchmark", project.project_id)
    asset = assets.register(BUCKET, key).asset_id
    while (imported := assets.import_status(asset)).upload_status == "IN_PROGRESS":
        time.sleep(SECONDS_BETWEEN_POLLS)
    assert imported.meta_data is not None, imported
    index = client.index("benchmark", project.project_id, asset)
    stage = [""]
    with watch_memory(worker, stage) as peak:
        started = time.perf_counter()
        index.request(AnalysisOptions(analysis_person_count=5))
        while (status := index.status()).status in {"WAIT_ANALYZE", "ANALYZING"}:
            stage[0] = (status.progress and status.progress.stage) or stage[0]
            time.sleep(SECONDS_BETWEEN_POLLS)
        seconds = time.perf_counter() - started
    assert status.status == "ANALYZE_COMPLETED", status
    return (imported.meta_data.duration_ms or 0) / 1000, seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--weights", type=Path, help="folder of weights, bundled engines only without it")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    arguments = parser.parse_args()
    with temporary_folder(arguments.folder) as folder:
        bucket = folder / "buckets" / BUCKET
        bucket.mkdir(parents=True)
        if arguments.weights is not None:
            shutil.copytree(arguments.weights, folder / "weights")
        print("| film | length, s | analysis, s | peak memory, MiB | in stage |\n|---|---|---|---|---|")
        with serving(folder, workers=1) as server, server.client(create_key(folder)) as client:
            client.workspaces.create("benchmark")
            worker = worker_of(server.pid)
            for film in arguments.films:
                shutil.copy(film, bucket / film.name)
                length, duration, peak = analyse(client, film.name, worker)
                memory = f"{peak.memory:.0f} | {peak.stage}"
                print(f"| {film.name} | {length:.0f} | {duration:.0f} | {memory} |", flush=True)


if __name__ == "__main__":
    main()
