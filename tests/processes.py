"""Scenedex as its users run it: the installed command, in processes of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from operators import operate
from ports import free_port
from process_tree import command_of, fields_of, parent_of, without_forks
from scenedex.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime

    from sizes import Ground

# Limits are far above what is usual, because test machines are busy.
PATIENCE_S = 180
# Dead workers are noticed sooner than by default, to keep tests short.
SOON = {"SCENEDEX_WORKERS_STALLED_AFTER_SECONDS": "5"}
ONLY_SHOTS = {f"SCENEDEX_ENGINES_{engine}": "off" for engine in ("TEXT", "SPEECH", "FACES", "MUSIC")}


def until(is_so: Callable[[], bool], what: str, *, seconds: float = PATIENCE_S) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"still not so after {seconds:g} s: {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class StoredStage:
    """A stored output of a stage, and the analysis that it was made for."""

    stage: str
    output_id: int
    created_time: datetime
    is_transient: bool
    made_for: int


@dataclass
class Server:
    """Processes of Scenedex on one or several machines, which tests start and kill."""

    data_dir: Path
    ground: Ground
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[bytes] | None = None
    beside: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict[int, "subprocess.Popen[bytes]"])
    port: int = 0
    _client_key: tuple[str, str] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bucket(self) -> str:
        return self.ground.bucket

    @property
    def log(self) -> Path:
        return self.data_dir.parent / "server.log"

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables of its processes."""
        return {**self.ground.environment, **self.environment}

    def start(self, *, workers: int = 1) -> None:
        """Start the processes that do not run, with this number of the server's own workers, if it has any."""
        if self.process is None or self.process.poll() is not None:
            self.port = self.port or free_port()
            workers = 0 if self.ground.workers_beside else workers
            self.process = self._spawn("serve", "--port", str(self.port), "--workers", str(workers))
        for number in range(self.ground.workers_beside):
            if number not in self.beside or self.beside[number].poll() is not None:
                self.beside[number] = self._spawn("worker", place=f"-{number}")
        until(self.is_ready, "the server is ready")

    @contextlib.contextmanager
    def worker(self, place: str = "", **settings: str) -> Generator[None]:
        """Start a worker beside the server, on the server's data folder or another one, with its own settings."""
        process = self._spawn("worker", place=place, **settings)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{self.endpoint}/readyz", timeout=2),
        ):
            return True
        return False

    def stop(self) -> float:
        """Stop as an operator does and return the duration in seconds."""
        assert self.process is not None
        started = time.monotonic()
        running = [each for each in (self.process, *self.beside.values()) if each.poll() is None]
        for each in running:
            each.send_signal(signal.SIGTERM)
        for each in running:
            assert each.wait(PATIENCE_S) == 0, self.log.read_text()
        self.beside.clear()
        return time.monotonic() - started

    def discard(self) -> None:
        """Kill all processes but an embedded database, which stops by itself once it has no users."""
        started = [each for each in (self.process, *self.beside.values()) if each is not None]
        self.kill([each.pid for each in started if each.poll() is None])
        self.kill(self.workers_of())
        for each in started:
            each.wait()

    def run(self, *words: str) -> str:
        """Run an operator's command and return its output."""
        ended = operate(*words, data_dir=self.data_dir, environment=self.settings)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def put(self, key: str, content: bytes) -> None:
        """Write an object to the users' bucket."""
        self.ground.put(key, content)

    def rows(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        with self.ground.conninfo() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
            return connection.execute(statement.encode(), params).fetchall()

    def _spawn(self, *words: str, place: str = "", **settings: str) -> subprocess.Popen[bytes]:
        # The folders of all begin alike, so that all of them are found by that of the server.
        folder = self.data_dir.with_name(self.data_dir.name + place)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "scenedex", *words, "--data-dir", str(folder)],
                stdout=log,
                stderr=log,
                env={**os.environ, **self.settings, **settings},
            )

    def outputs(self) -> list[StoredStage]:
        """Return the stored outputs of stages, the oldest first."""
        found = self.rows(
            "SELECT stage, output_id, created_time, is_transient, made_for FROM stage_outputs ORDER BY output_id"
        )
        return [StoredStage(*row) for row in found]

    def seconds_of_children(self) -> float:
        """Return the processor time of the media children that have ended. Each takes some."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(sum(int(field) for field in fields_of(pid)[13:15]) for pid in self.workers_of()) / ticks

    def pids(self, *words: str) -> list[int]:
        """Return the ids of processes whose command line contains all of these words."""
        commands = {int(entry.name): command_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
        return [pid for pid, line in commands.items() if line and all(word in line for word in words)]

    def workers_of(self) -> list[int]:
        return without_forks(self.pids("scenedex worker", str(self.data_dir)))

    def decoders(self) -> list[int]:
        """The media children of this server's workers."""
        workers = set(self.workers_of())
        return [pid for pid in self.pids("scenedex.media.launch") if parent_of(pid) in workers]

    def workers_at_work(self) -> list[int]:
        """Return the workers with media children."""
        return sorted({parent_of(pid) for pid in self.decoders()})

    def kill(self, pids: list[int]) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_everything(self) -> None:
        """Kill all processes, as a power cut does. The disk and external servers are untouched."""
        assert self.process is not None
        self.kill([self.process.pid, *(each.pid for each in self.beside.values())])
        for each in (self.process, *self.beside.values()):
            each.wait()
        self.kill(self.workers_of())
        self.kill(self.pids(str(self.data_dir)))
        until(lambda: not self.pids(str(self.data_dir)), "all processes are dead")

    def key(self) -> tuple[str, str]:
        """The access key of a manager, and its secret."""
        if self._client_key is None:
            made = json.loads(self.run("keys", "create", "--user", "alice", "--role", "manager", "--json"))
            self._client_key = made["accessKey"], made["secretKey"]
        return self._client_key

    def client(self) -> Client:
        return Client(self.endpoint, *self.key())


@contextlib.contextmanager
def running(server: Server) -> Generator[Server]:
    """Start a server, and kill its processes at the end."""
    server.data_dir.mkdir(parents=True)
    server.ground.prepare()
    try:
        server.start()
        yield server
    finally:
        server.discard()
