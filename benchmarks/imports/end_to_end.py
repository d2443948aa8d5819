"""Time from the call to COMPLETED of a large file's import, measured against ``cp`` on the same disk.

A running server with one worker imports the file and ``cp`` copies it, in turns, so that other load on the machine
affects both. Prints a Markdown table for the README and removes its files. Run from the root of the repository:
``python -m benchmarks.imports.end_to_end [--folder DIR] [--size-mb N]``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.api.running import children, create_key, memory_mib, serving, temporary_folder

from scenedex.media.samples import SampleFormat, Take, plain, write_video

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.client.assets import Assets

MB = 1_000_000
BUCKET = "footage"
KEY = "film.mp4"
# Seldom, so that watching does not slow down what is watched.
SECONDS_BETWEEN_POLLS = 0.2
SECONDS_BETWEEN_SAMPLES = 0.05
FREE_BOX = 16


def write_film(path: Path, size_bytes: int) -> None:
    """A short video, followed by a box of bytes that mean nothing."""
    write_video(path, [Take(50, plain(40, 90, 160, 640, 360))], SampleFormat(width=640, height=360))
    rest = size_bytes - path.stat().st_size
    block = random.Random(1).randbytes(MB)  # noqa: S311  # bytes that do not compress, no secret
    with path.open("ab") as film:
        # A size of 1 announces the 64-bit size behind the type.
        film.write((1).to_bytes(4, "big") + b"free" + rest.to_bytes(8, "big"))
        for start in range(FREE_BOX, rest, MB):
            film.write(block[: min(MB, rest - start)])
        film.flush()
        os.fsync(film.fileno())


@dataclass
class Highest:
    """Peak resident memory, in MiB.

    Attributes:
        worker: memory of the worker process.
        child: memory of the process in which the worker opens the file.
    """

    worker: float = 0
    child: float = 0


@contextlib.contextmanager
def watched(worker: int) -> Generator[Highest]:
    """The memory of a worker and of the processes below it, looked at from time to time."""
    highest = Highest()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(SECONDS_BETWEEN_SAMPLES):
            highest.worker = max(highest.worker, memory_mib(worker, peak=True))
            for child in children(worker):
                with contextlib.suppress(OSError, StopIteration):
                    highest.child = max(highest.child, memory_mib(child, peak=True))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield highest
    finally:
        is_over.set()
        watching.join()


def seconds_of_cp(source: Path, target: Path) -> float:
    os.sync()
    begun = time.perf_counter()
    subprocess.run(["cp", "--", source, target], check=True)  # noqa: S607  # the cp of this system is the measure
    seconds = time.perf_counter() - begun
    target.unlink()
    return seconds


def seconds_of_import(assets: Assets, managed: Path) -> float:
    """Return the seconds from the registration to the end, by the times of the server."""
    os.sync()
    asset_id = assets.register(BUCKET, KEY).asset_id
    while (status := assets.import_status(asset_id)).upload_status == "IN_PROGRESS":
        time.sleep(SECONDS_BETWEEN_POLLS)
    assert status.upload_status == "COMPLETED", status
    asset = assets.get(asset_id)
    assert asset.created_time is not None
    assert asset.updated_time is not None
    assets.delete(asset_id)
    # A worker removes the copy, which must not count as time of the next cp.
    while any(file.is_file() for file in managed.rglob("*")):
        time.sleep(SECONDS_BETWEEN_POLLS)
    return (asset.updated_time - asset.created_time).total_seconds()


def measure(folder: Path, size_mb: int, repeats: int) -> None:
    film = folder / "buckets" / BUCKET / KEY
    film.parent.mkdir(parents=True)
    write_film(film, size_mb * MB)
    with serving(folder, workers=1) as server:
        key = create_key(folder)
        with server.client(key) as client:
            client.workspaces.create("benchmark")
            project = client.projects("benchmark").list()[0]
            assets = client.assets("benchmark", project.project_id)
            with watched(worker_of(server.pid)) as highest:
                copy, managed = folder / "cp", folder / "managed"
                seconds_of_cp(film, copy)
                seconds_of_import(assets, managed)
                pairs = [(seconds_of_cp(film, copy), seconds_of_import(assets, managed)) for _ in range(repeats)]
    print("| repeat | cp, s | import, s | speed, import : cp |")
    print("|---|---|---|---|")
    for name, (cp, ours) in enumerate(pairs, start=1):
        print(f"| {name} | {cp:.2f} | {ours:.2f} | {cp / ours:.2f} |")
    cp, ours, speed = (
        statistics.median(values)
        for values in ([cp for cp, _ in pairs], [ours for _, ours in pairs], [cp / ours for cp, ours in pairs])
    )
    print(f"| **median** | {cp:.2f} | {ours:.2f} | {speed:.2f} |")
    print(f"\n{size_mb} MB; memory at its highest: worker {highest.worker:.0f} MiB, its child {highest.child:.0f} MiB")


def worker_of(server: int) -> int:
    """The worker process that a server started."""
    while True:
        for child in children(server):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if b"worker" in words:
                    return child
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--size-mb", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    with temporary_folder(options.folder) as folder:
        measure(folder, options.size_mb, options.repeats)


if __name__ == "__main__":
    main()
