"""Site of a campaign: the processes, their database and storage, and the connections between them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.faults.link import Link, linked

from clusters import workplace
from ports import free_port
from postgres_server import PostgresServer, make_postgres
from processes import Server
from s3_proxy import S3Proxy, proxied
from scenedex.storage.s3_location import S3Location
from sizes import Embedded, grown

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

SIZES = ("embedded", "grown")
STALLED_AFTER_S = 4
DISK = "2g"
MOUNT, UMOUNT = "/bin/mount", "/bin/umount"
_S3_COMPANIONS = (28295, 28296)
# What is killed many times over is not for that a file that breaks its worker.
SETTINGS: Mapping[str, str] = {
    "SCENEDEX_WORKERS_STALLED_AFTER_SECONDS": str(STALLED_AFTER_S),
    "SCENEDEX_WORKERS_MAX_ATTEMPTS": "20",
    "SCENEDEX_ENGINES_TEXT": "off",
    "SCENEDEX_ENGINES_SPEECH": "off",
    "SCENEDEX_ENGINES_FACES": "off",
}


@dataclass
class Site:
    """A server with two workers.

    Attributes:
        server: its processes.
        disk: the file system of its data folder, which has nothing else.
        postgres: the database server, where it has one of its own.
        link: the way to it.
        s3: the way to the object storage.
    """

    server: Server
    disk: Path
    postgres: PostgresServer | None = None
    link: Link | None = None
    s3: S3Proxy | None = None
    settings: Mapping[str, str] = field(default_factory=lambda: dict(SETTINGS))

    def start(self) -> None:
        """Start the stopped processes, in up to three attempts: a start on a busy machine may time out."""
        for is_last in (False, False, True):
            try:
                self.server.start(workers=2)
            except AssertionError:
                if is_last:
                    raise
            else:
                return

    def restart(self, more: Mapping[str, str]) -> None:
        """Start all again, with further variables."""
        self.server.stop()
        self.server.environment = {**self.settings, **more}
        self.start()


@contextmanager
def site(size: str) -> Generator[Site]:
    """A server that is started, and ended at the end in whatever state it is."""
    with ExitStack() as stack:
        disk = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scenedex-faults-")))
        subprocess.run([MOUNT, "-t", "tmpfs", "-o", f"size={DISK}", "scenedex-faults", disk], check=True)
        stack.callback(subprocess.run, [UMOUNT, "--lazy", disk], check=False)
        data_dir = disk / "data"
        made = _grown(stack, data_dir, disk) if size == "grown" else Site(Server(data_dir, Embedded(data_dir)), disk)
        made.server.environment = dict(made.settings)
        data_dir.mkdir()
        made.server.ground.prepare()
        stack.callback(_end, made.server)
        made.start()
        yield made


def _grown(stack: ExitStack, data_dir: Path, disk: Path) -> Site:
    postgres = make_postgres(Path(stack.enter_context(workplace())))
    postgres.start()
    stack.callback(postgres.stop)
    link = stack.enter_context(linked("127.0.0.1", postgres.port))
    location = stack.enter_context(s3_service())
    s3 = stack.enter_context(proxied(location))
    database = postgres.create_database()
    through = replace(postgres, port=link.port).url(database.rpartition("/")[2])
    server = Server(data_dir, grown(database, location, s3.location))
    return Site(server, disk, postgres, link, s3, {**SETTINGS, "SCENEDEX_DATABASE_URL": through})


@contextmanager
def s3_service() -> Generator[S3Location]:
    """A Ceph gateway, as the tests have one."""
    tools = os.environ.get("SCENEDEX_TEST_TOOLS", Path(__file__).parents[3] / "shared" / "tools")
    port = free_port(_S3_COMPANIONS)
    with workplace() as folder:
        command = [Path(tools) / "radosgw", "start", folder, str(port)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180).stdout
        try:
            endpoint, access_key, secret_key = said.split()
            yield S3Location(endpoint, "us-east-1", access_key, secret_key, allow_http=True)
        finally:
            subprocess.run([Path(tools) / "radosgw", "stop", folder], check=True, timeout=60)


def _end(server: Server) -> None:
    if server.process is not None:
        server.kill_everything()
