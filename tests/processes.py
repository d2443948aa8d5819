"""Scenedex as its users run it: the installed command, in processes of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from scenedex.client import Client, Conflict
from scenedex.db.embedded import open_embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime

    from scenedex.client import AnalysisOptions, Index
    from scenedex.client.assets import Assets
    from scenedex.client.indexes import AssetIndex

PATIENCE_S = 90
ANALYSIS_PATIENCE_S = 150
WORKSPACE = "newsroom"
BUCKET = "archive"


def until(is_so: Callable[[], bool], what: str, *, seconds: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"still not so after {seconds:g} s: {what}"
        time.sleep(0.02)


def scenedex(*arguments: str, data_dir: Path, environment: Mapping[str, str] | None = None) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "scenedex", *arguments, "--data-dir", str(data_dir)]
    run = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
        timeout=PATIENCE_S,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


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
    """`scenedex serve` on a data folder, to be started, killed and started again."""

    data_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    workers: int = 1
    process: subprocess.Popen[bytes] | None = None
    port: int = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir.parent / "server.log"

    def start(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "scenedex", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--data-dir", str(self.data_dir)],
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        until(self.is_ready, "the server is ready")

    @contextlib.contextmanager
    def worker(self) -> Generator[None]:
        """A worker process beside the server, as on another machine."""
        command = [sys.executable, "-m", "scenedex", "worker", "--data-dir", str(self.data_dir)]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **self.environment})
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0

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
        """Stop as an operator would; the seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0, self.log.read_text()
        return time.monotonic() - started

    def put(self, key: str, content: bytes) -> None:
        """Lay an object into the bucket."""
        file = self.data_dir / "buckets" / BUCKET / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def rows(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        """What the embedded database answers."""
        with (
            contextlib.closing(open_embedded(self.data_dir)) as database,
            psycopg.connect(database.conninfo, autocommit=True) as connection,
        ):
            return connection.execute(statement.encode(), params).fetchall()

    def outputs(self) -> list[StoredStage]:
        """What stages have made, the oldest first."""
        found = self.rows(
            "SELECT stage, output_id, created_time, is_transient, made_for FROM stage_outputs ORDER BY output_id"
        )
        return [StoredStage(*row) for row in found]

    def seconds_of_children(self) -> float:
        """Processor time of the media children that the workers have seen to their ends; each takes some."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(sum(int(field) for field in _stat(pid)[13:15]) for pid in self.workers_of()) / ticks

    def pids(self, *words: str) -> list[int]:
        """Processes of this data folder, or children of its workers, whose command line has all of these words."""
        found: list[int] = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal():
                continue
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if line and all(word in line for word in words):
                    found.append(int(entry.name))
        return found

    def workers_of(self) -> list[int]:
        return self.pids("scenedex worker", str(self.data_dir))

    def decoders(self) -> list[int]:
        """The media children of this server's workers."""
        workers = set(self.workers_of())
        return [pid for pid in self.pids("scenedex.media.bootstrap") if _parent(pid) in workers]

    def kill(self, pids: list[int]) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_everything(self) -> None:
        """As a power cut would, but for the disk."""
        assert self.process is not None
        self.kill([self.process.pid])
        self.process.wait()
        self.kill(self.workers_of())
        self.kill(self.pids(str(self.data_dir)))
        until(lambda: not self.pids(str(self.data_dir)), "all processes are dead")

    def client(self) -> Client:
        printed = scenedex(
            "keys", "create", "--user", "alice", "--role", "manager", "--json",
            data_dir=self.data_dir, environment=self.environment,
        )  # fmt: skip
        key = json.loads(printed)
        return Client(self.endpoint, key["accessKey"], key["secretKey"])


@dataclass(frozen=True)
class Desk:
    """A project of a workspace to work in."""

    client: Client
    project_id: int

    @property
    def assets(self) -> Assets:
        return self.client.assets(WORKSPACE, self.project_id)

    def index(self, asset_id: int) -> AssetIndex:
        return self.client.index(WORKSPACE, self.project_id, asset_id)

    def imported(self, key: str) -> int:
        """The id of a new asset whose import has completed."""
        registered = self.assets.register(BUCKET, key)
        self.assets.wait_import(registered.asset_id, timeout=PATIENCE_S, poll=0.1)
        return registered.asset_id

    def analysed(self, asset_id: int, options: AnalysisOptions) -> Index:
        """The index of an asset after an analysis that has completed."""
        index = self.index(asset_id)
        index.request(options)
        index.wait(timeout=ANALYSIS_PATIENCE_S, poll=0.1)
        return index.get()

    def scenes(self, asset_id: int) -> list[tuple[int, int]]:
        """Start and end of each shot."""
        scenes = self.index(asset_id).get().scenes
        return [(shot.start_time_ms, shot.end_time_ms) for scene in scenes for shot in scene.shots]


@contextlib.contextmanager
def running(server: Server) -> Generator[Server]:
    """The server, started, and stopped with all it started."""
    server.data_dir.mkdir(parents=True)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()


@contextlib.contextmanager
def open_desk(server: Server) -> Generator[Desk]:
    with server.client() as client:
        with contextlib.suppress(Conflict):
            client.workspaces.create(WORKSPACE)
        yield Desk(client, next(iter(client.projects(WORKSPACE).list())).project_id)


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(_stat(pid)[1])
    return 0


def _stat(pid: int) -> list[str]:
    """What Linux says of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
