"""Time the calls of an ordinary client while others attack the server. ``python -m benchmarks.availability.run``."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.api.running import HOST, create_key, free_port, started, temporary_folder
from benchmarks.availability.attacks import ATTACKS

from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from collections.abc import Generator

    from benchmarks.api.running import Key

DESCRIPTORS = 256
SECONDS = 10.0
SECONDS_OF_HEAD_START = 3.0
PAUSE = 0.02
TARGET = "/api/v1/workspaces?pageNum=1"


@dataclass
class Calls:
    """Durations of answered calls in milliseconds, and the number of failed ones."""

    durations_ms: list[float] = field(default_factory=list[float])
    failed: int = 0

    def percentile(self, share: float) -> float:
        """Return the duration that this share of the calls does not exceed."""
        return sorted(self.durations_ms)[min(len(self.durations_ms) - 1, int(share * len(self.durations_ms)))]

    def __str__(self) -> str:
        if not self.durations_ms:
            return f"0 answered | {self.failed} failed | - | - | -"
        shown = " | ".join(f"{self.percentile(share):.1f} ms" for share in (0.5, 0.99, 1))
        return f"{len(self.durations_ms)} answered | {self.failed} failed | {shown}"


def call(port: int, key: Key, seconds: float) -> Calls:
    """List the workspaces, each time on a new connection, for some seconds."""
    calls, credentials = Calls(), Credentials(key.access_key, key.secret_key)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", TARGET, headers=credentials.headers("GET", TARGET, time.time_ns() // 1_000_000))
            is_answered = connection.getresponse().status == http.client.OK
        except OSError:
            is_answered = False
        finally:
            connection.close()
        if is_answered:
            calls.durations_ms.append(1000 * (time.perf_counter() - started))
        else:
            calls.failed += 1
        time.sleep(PAUSE)
    return calls


@contextlib.contextmanager
def attacked(name: str, port: int, key: Key) -> Generator[None]:
    """Attack a server for as long as the block."""
    words = (name, str(port), str(SECONDS + 10), key.access_key, key.secret_key)
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.availability.attacks", *words])
    try:
        time.sleep(SECONDS_OF_HEAD_START)
        yield
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Print a table: without an attack, then under each."""
    print("| attack | answered | failed | median | p99 | maximum |\n|---|---|---|---|---|---|")
    for name in sys.argv[1:] or ("none", *ATTACKS):
        with temporary_folder(Path(os.environ.get("TMPDIR", "/tmp"))) as folder:  # noqa: S108  # a folder of its own
            port = free_port()
            words = ("-m", "scenedex", "serve", "--port", str(port), "--workers", "0", "--data-dir", str(folder))
            with started(["-c", _LIMITED, str(DESCRIPTORS), *words], port, "/readyz", folder / "server.log"):
                key = create_key(folder)
                with attacked(name, port, key) if name in ATTACKS else contextlib.nullcontext():
                    print(f"| {name} | {call(port, key, SECONDS)} |", flush=True)


# As `ulimit -n` does.
_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]),) * 2)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""

if __name__ == "__main__":
    main()
