"""Secrets in the environments of the processes of a running system."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from process_tree import children_of, command_of
from processes import Server, running
from sizes import Embedded

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
SECRETS = {
    "SCENEDEX_SECRETS_KEY": "c2NlbmVkZXgtdGVzdC1rZXktb2YtMzItYnl0ZXMtISE=",
    "SCENEDEX_STORAGE_SECRET_KEY": "a-secret-of-the-storage",
    "NCLOUD_SECRET_KEY": "a-secret-of-a-user",
    "PGPASSWORD": "a-secret-of-a-database",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    data_dir = tmp_path_factory.mktemp("environments") / "data"
    with running(Server(data_dir, Embedded(data_dir), SECRETS)) as started:
        yield started


def family(server: Server) -> dict[int, str]:
    """Return the processes of a server and their children with their command lines."""
    found = server.pids(str(server.data_dir))
    return {pid: command_of(pid) for parent in found for pid in (parent, *children_of(parent))}


def secrets_of(pid: int) -> set[str]:
    """Return the names of the secrets in the environment of a process."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return set()
    return {name for name, value in SECRETS.items() if value in environment}


def test_the_database_and_its_supervisor_have_no_secrets(server: Server) -> None:
    processes = family(server)
    with_secrets = {pid for pid in processes if secrets_of(pid)}

    assert any("scenedex.db.embedded.supervisor" in line for line in processes.values())
    assert sum(line.startswith("postgres:") for line in processes.values()) > 3
    assert {words(processes[pid]) for pid in with_secrets} == {"serve", "worker"}


def test_a_worker_has_no_keys_of_users(server: Server) -> None:
    (worker,) = server.workers_of()

    assert secrets_of(worker) == SECRETS.keys() - {"NCLOUD_SECRET_KEY"}


def words(line: str) -> str:
    """Return the command of scenedex in a command line."""
    return line.partition(" -m scenedex ")[2].split()[0] if " -m scenedex " in line else line
