"""Watching the media children of a running worker with strace."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fuzz.walls import TRACED, Watched

import scenedex

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

SECONDS_TO_ATTACH = 20
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/proc", "/sys/devices/system/cpu")


def allowed(*more: str | Path) -> tuple[str, ...]:
    """Return the paths that a media child may open: Python, installed packages, this product, system libraries."""
    places = (sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), *sys.path, Path(scenedex.__file__).parent)
    # Links are followed before an opened path is shown.
    return tuple(str(Path(place).resolve()) for place in (*filter(None, places), *more)) + SYSTEM


@contextlib.contextmanager
def traced(worker: int, places: Sequence[str], trace: Path) -> Generator[Watched]:
    """Trace a worker and the children that it starts from now on. The results are complete after the block.

    Raises:
        RuntimeError: strace is not installed or may not attach.
    """
    strace = shutil.which("strace")
    if strace is None:
        raise RuntimeError("strace is not installed")
    threads = [thread.name for thread in Path(f"/proc/{worker}/task").iterdir()]
    command = (strace, "-f", "-y", "-e", "signal=none", "-e", f"trace={TRACED}", "-o", trace, "-p", str(worker))
    watched = Watched(tuple(places), known=set(threads))
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as watching:
        deadline = time.monotonic() + SECONDS_TO_ATTACH
        while not _is_watched(worker):
            if watching.poll() is not None or time.monotonic() > deadline:
                watching.kill()
                raise RuntimeError("strace cannot attach to the worker")
            time.sleep(0.1)
        try:
            yield watched
        finally:
            watching.send_signal(signal.SIGINT)
            watching.wait()
    with trace.open(encoding="utf-8", errors="replace") as lines:
        watched.feed(lines)
    watched.finish()


def _is_watched(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
