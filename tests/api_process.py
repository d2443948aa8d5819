"""An API process without workers, as an operator starts it, and raw connections to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from operators import operate
from ports import free_port
from processes import until
from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

HOST = "127.0.0.1"
# As `ulimit -n` does, before the command.
_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]),) * 2)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@dataclass(frozen=True)
class ApiProcess:
    """A running API process."""

    folder: Path
    port: int
    pid: int
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def key(self, *options: str) -> Credentials:
        """Create an access key of a manager."""
        words = ("keys", "create", "--user", "ann", "--role", "manager", "--json", *options)
        made = operate(*words, data_dir=self.folder / "data", environment=self.environment)
        assert made.returncode == 0, made.stderr
        found = json.loads(made.stdout)
        return Credentials(found["accessKey"], found["secretKey"])

    def connect(self) -> socket.socket:
        """Open a connection that waits at most a minute for each piece."""
        return socket.create_connection((HOST, self.port), timeout=60)

    def status(self, path: str = "/healthz", *, seconds: float = 60) -> int:
        """Call a public path on a new connection and return the status of the answer."""
        with contextlib.closing(socket.create_connection((HOST, self.port), timeout=seconds)) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            return int(read_all(connection).split(b" ", 2)[1])

    def log(self) -> str:
        return (self.folder / "server.log").read_text()


@contextlib.contextmanager
def api_process(
    folder: Path, database: str, settings: Mapping[str, str] | None = None, *, descriptors: int | None = None
) -> Generator[ApiProcess]:
    """Run `scenedex serve --no-workers` on a database, with at most so many open files."""
    port = free_port()
    environment = {"SCENEDEX_DATABASE_URL": database, **(settings or {})}
    data = str(folder / "data")
    command = ["-m", "scenedex", "serve", "--no-workers", "--port", str(port), "--data-dir", data]
    if descriptors is not None:
        command = ["-c", _LIMITED, str(descriptors), *command]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command], env={**os.environ, **environment}, stdout=log, stderr=log
        )
    running = ApiProcess(folder, port, process.pid, environment)
    try:
        until(lambda: _is_ready(process, running), "the API process is ready")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()
        process.wait()


def read_all(connection: socket.socket) -> bytes:
    """Read until the peer closes the connection, in whatever way."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(1 << 16):
            found += data
    return found


def seconds_until_closed(connection: socket.socket) -> tuple[float, bytes]:
    """Return the time until the peer closed the connection, and all that it sent."""
    started = time.monotonic()
    found = read_all(connection)
    return time.monotonic() - started, found


def _is_ready(process: subprocess.Popen[bytes], running: ApiProcess) -> bool:
    assert process.poll() is None, running.log()
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{running.url}/readyz", timeout=5):
        return True
    return False
