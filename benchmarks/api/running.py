"""A real server for a benchmark: processes started as a person would start them, stopped at the end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.client import Client
from scenedex.db.embedded import open_embedded

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Key:
    """An access key with its secret."""

    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        port: its port, on this machine.
        pid: its process.
        seconds_to_ready: from the start of the process to its first answer.
    """

    port: int
    pid: int
    seconds_to_ready: float

    def client(self, key: Key) -> Client:
        """Return a client of the server. The caller closes it."""
        return Client(f"http://{HOST}:{self.port}", key.access_key, key.secret_key)


@contextlib.contextmanager
def temporary_folder(parent: Path) -> Generator[Path]:
    """A folder in that one, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="scenedex-benchmark-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def serving(folder: Path, *, workers: int) -> Generator[Server]:
    """Run `scenedex serve` on a data folder. It logs to ``server.log`` there."""
    port = free_port()
    arguments = ("serve", "--port", str(port), "--workers", str(workers), "--data-dir", str(folder))
    with started(["-m", "scenedex", *arguments], port, "/readyz", folder / "server.log") as server:
        yield server


@contextlib.contextmanager
def started(arguments: Sequence[str], port: int, ready: str, log: Path) -> Generator[Server]:
    """Start a Python process that listens on a port. The block begins when a GET of the path ``ready`` returns 200."""
    begun = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, *arguments], stdout=output, stderr=output)
        try:
            while not _answers(port, ready):
                if process.poll() is not None or time.perf_counter() - begun > SECONDS_TO_START:
                    raise RuntimeError(f"the server did not become ready; see {log}")
                time.sleep(0.005)
            yield Server(port, process.pid, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(SECONDS_TO_STOP)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def create_key(folder: Path) -> Key:
    """A manager's access key, made as a person makes one."""
    arguments = ("keys", "create", "--user", "benchmark", "--role", "manager", "--json", "--data-dir", str(folder))
    # Commands create no data folder.
    with contextlib.closing(open_embedded(folder)):
        made = subprocess.run([sys.executable, "-m", "scenedex", *arguments], check=True, capture_output=True)
    found = json.loads(made.stdout)
    return Key(found["accessKey"], found["secretKey"])


def memory_mib(pid: int, *, peak: bool = False) -> float:
    """Resident memory of a process, now or at its highest."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    name = "VmHWM" if peak else "VmRSS"
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / KIB_PER_MIB


def processor_seconds(pid: int) -> float:
    """Processor time of a process, of its running descendants, and of the children that these have waited for."""
    ticks = 0
    for one in (pid, *descendants(pid)):
        # A process that has ended has no such file.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def parent(pid: int) -> int:
    """The process that started a process."""
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    found: list[int] = []
    # A process that has ended has no such files.
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in file.read_text(encoding="ascii").split()]
    return found


def descendants(pid: int) -> list[int]:
    """The child processes of a process, theirs, and so on."""
    return [one for child in children(pid) for one in (child, *descendants(child))]
