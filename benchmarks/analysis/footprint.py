"""The memory of an analysis at its highest: the worker and all processes below it together.

A running server with one worker analyses each file. Prints a Markdown table. Run from the root of the repository:
``python -m benchmarks.analysis.footprint FILE... [--folder DIR]``.
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

from benchmarks.api.running import children, create_key, memory_mib, serving, temporary_folder
from benchmarks.imports.end_to_end import worker_of

from scenedex.client import AnalysisOptions

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.client import Client

BUCKET = "footage"
SECONDS_BETWEEN_POLLS = 0.5
SECONDS_BETWEEN_SAMPLES = 0.1


@dataclass
class Highest:
    """Resident memory at its highest, in MiB, and the stage that ran then."""

    all_together: float = 0
    stage: str = ""


@contextlib.contextmanager
def watched(worker: int, stage: list[str]) -> Generator[Highest]:
    """The memory of a worker and the processes below it; pages that they share count more than once."""
    highest = Highest()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(SECONDS_BETWEEN_SAMPLES):
            total = 0.0
            for process in (worker, *children(worker)):
                with contextlib.suppress(OSError, StopIteration):
                    total += memory_mib(process)
            if total > highest.all_together:
                highest.all_together, highest.stage = total, stage[0]

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield highest
    finally:
        is_over.set()
        watching.join()


def analysed(client: Client, key: str, worker: int) -> tuple[float, float, Highest]:
    """Seconds that the file lasts, seconds that its analysis took, and the memory for it."""
    project = client.projects("benchmark").list()[0]
    assets = client.assets("benchmark", project.project_id)
    asset = assets.register(BUCKET, key).asset_id
    while (imported := assets.import_status(asset)).upload_status == "IN_PROGRESS":
        time.sleep(SECONDS_BETWEEN_POLLS)
    assert imported.meta_data is not None, imported
    index = client.index("benchmark", project.project_id, asset)
    stage = [""]
    with watched(worker, stage) as highest:
        begun = time.perf_counter()
        index.request(AnalysisOptions(analysis_person_count=5))
        while (status := index.status()).status in {"WAIT_ANALYZE", "ANALYZING"}:
            stage[0] = (status.progress and status.progress.stage) or stage[0]
            time.sleep(SECONDS_BETWEEN_POLLS)
        seconds = time.perf_counter() - begun
    assert status.status == "ANALYZE_COMPLETED", status
    return (imported.meta_data.duration_ms or 0) / 1000, seconds, highest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    wanted = parser.parse_args()
    with temporary_folder(wanted.folder) as folder:
        bucket = folder / "buckets" / BUCKET
        bucket.mkdir(parents=True)
        print("| film | length, s | analysis, s | peak memory, MiB | in stage |\n|---|---|---|---|---|")
        with serving(folder, workers=1) as server, server.client(create_key(folder)) as client:
            client.workspaces.create("benchmark")
            worker = worker_of(server.pid)
            for film in wanted.films:
                shutil.copy(film, bucket / film.name)
                lasts, took, highest = analysed(client, film.name, worker)
                memory = f"{highest.all_together:.0f} | {highest.stage}"
                print(f"| {film.name} | {lasts:.0f} | {took:.0f} | {memory} |", flush=True)


if __name__ == "__main__":
    main()
