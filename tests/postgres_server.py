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
from psycopg.conninfo import make_conninfo

from clusters import eventually
from ports import free_port
from scenedex.db.embedded import open_embedded
from scenedex.db.embedded.configuration import DATABASE, ROLE
from scenedex.db.embedded.folders import ControlFolder
from scenedex.db.embedded.placement import RootPolicy, choose_placement
from scenedex.db.schema import upgrade_schema
from shared_servers import Ending, shared

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.db.embedded.placement import Placement

ACCESS = f"local all {ROLE} scram-sha-256\nhost all {ROLE} 127.0.0.1/32 scram-sha-256\n"
TEMPLATE = "migrated"


@dataclass(frozen=True)
class PostgresServer:
    """Server with a role that may create databases with the vector extension."""

    folder: Path
    port: int
    password: str

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database over TCP."""
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def conninfo(self) -> str:
        """Connection string of the server's own database by its socket."""
        place = str(self._placement.server.path)
        return make_conninfo(host=place, port=self.port, user=ROLE, password=self.password, dbname=DATABASE)

    def make_template(self) -> None:
        """Make the migrated, empty database that other databases are copied from."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        upgrade_schema(make_conninfo(self.conninfo, dbname=TEMPLATE))

    def create_database(self, template: str = "template1") -> str:
        """Return the URL of a new database, empty unless it is a copy of another one."""
        name = f"test_{uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def start(self) -> None:
        """Start the server, also after a kill."""
        placement = self._placement
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(placement.server.path),
            "max_connections": "300",
            "shared_buffers": "128MB",
            # As the embedded server plans.
            "jit": "off",
            "work_mem": "8MB",
            "random_page_cost": "1.1",
            "effective_cache_size": "1GB",
            # The folder does not outlive the tests.
            "fsync": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
        }
        words = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        # Processes of a killed server end with a delay, and until then another server cannot start.
        assert eventually(lambda: self._control("start", "-o", words, "-l", str(self.folder / "server.log")))

    def stop(self) -> None:
        """End the server at once. Unwritten data is not needed any more."""
        assert self._control("stop", "-m", "immediate")

    def kill(self) -> None:
        """Kill the server, as a power cut does. The disk is untouched."""
        os.kill(int((self._placement.server.postmaster_file).read_text().split()[0]), signal.SIGKILL)

    @property
    def _placement(self) -> Placement:
        return choose_placement(ControlFolder(self.folder.resolve() / "postgres"), RootPolicy())

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
    """Make a server in a folder without starting it. Its cluster is made like an embedded one, without its guard."""
    open_embedded(folder).close()
    control = ControlFolder(folder.resolve() / "postgres")
    (control.server().cluster / "pg_hba.conf").write_text(ACCESS, encoding="ascii")
    return PostgresServer(folder, free_port(), control.password_file.read_text(encoding="ascii").strip())


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostgresServer]:
    """One server for all worker processes of a test run."""

    def start(folder: Path) -> str:
        made = make_postgres(folder)
        made.start()
        made.make_template()
        return f"{made.folder} {made.port} {made.password}"

    # At this signal a server ends at once, with all its processes.
    ending = Ending("**/cluster/postmaster.pid", signal.SIGQUIT)
    with shared("postgres", tmp_path_factory, start, ending) as notes:
        folder, port, password = notes.split()
        yield PostgresServer(Path(folder), int(port), password)
