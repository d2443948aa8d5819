"""A PostgreSQL server as an operator runs it: a process of its own, reached over TCP with a password."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from clusters import eventually
from scenedex.db.embedded import open_embedded
from scenedex.db.embedded.configuration import DATABASE, ROLE
from scenedex.db.embedded.folders import ControlFolder
from scenedex.db.embedded.placement import RootPolicy, settle
from shared_servers import free_port, shared

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.db.embedded.placement import Placement

ACCESS = f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True)
class PostgresServer:
    """A server with a role that may create databases, which have the extension for vectors."""

    folder: Path
    port: int
    password: str

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        """The URL of a new database."""
        name = f"grown_{uuid4().hex}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def start(self) -> None:
        """Start it, also after it was killed."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            # What is tested here are our processes; the folder goes with the tests.
            "fsync": "off",
        }
        told = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        # Processes of a killed server end when they notice, and until then another one is refused.
        assert eventually(lambda: self._control("start", "-o", told, "-l", str(self.folder / "server.log")))

    def stop(self) -> None:
        assert self._control("stop", "-m", "fast")

    def kill(self) -> None:
        """As a power cut would, but for the disk."""
        os.kill(int((self._placement.server.postmaster_file).read_text().split()[0]), signal.SIGKILL)

    @property
    def _placement(self) -> Placement:
        return settle(ControlFolder(self.folder.resolve() / "postgres"), RootPolicy())

    def _control(self, action: str, *options: str) -> bool:
        placement = self._placement
        program = placement.binaries.prefix / "bin" / "pg_ctl"
        ended = subprocess.run(
            [str(program), action, "-D", str(placement.server.cluster), "--wait", *options],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=placement.identity.assume,  # PostgreSQL refuses to run as root
            timeout=60,
        )
        return ended.returncode == 0


def make_postgres(folder: Path) -> PostgresServer:
    """A server in a folder, not started. Its cluster is made as an embedded one is; nothing else looks after it."""
    open_embedded(folder).close()
    control = ControlFolder(folder.resolve() / "postgres")
    (control.server().cluster / "pg_hba.conf").write_text(ACCESS, encoding="ascii")
    port = free_port()
    assert port is not None
    return PostgresServer(folder, port, control.password_file.read_text(encoding="ascii").strip())


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostgresServer]:
    """One server for all worker processes of a test run."""

    def start(folder: Path) -> str:
        made = make_postgres(folder)
        made.start()
        return f"{made.folder} {made.port} {made.password}"

    with shared("postgres", tmp_path_factory, start, lambda _folder: server.stop()) as said:
        folder, port, password = said.split()
        server = PostgresServer(Path(folder), int(port), password)
        yield server
