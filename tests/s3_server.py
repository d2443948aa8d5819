"""A real S3 server for the tests that want one."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.s3_location import S3Location

if TYPE_CHECKING:
    from collections.abc import Generator

PROGRAMS = ("ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin")


@pytest.fixture(scope="session")
def s3_location(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Location]:
    """One server for all worker processes of a test run: the first starts it, the last stops it."""
    checkout = Path(__file__).parents[1]
    tool = Path(os.environ.get("SCENEDEX_TEST_TOOLS", checkout.parent / "shared" / "tools")) / "radosgw"
    if not tool.is_file():
        pytest.skip(f"no S3 server: {tool} is absent (SCENEDEX_TEST_TOOLS names its folder)")
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        pytest.skip(f"no S3 server: {', '.join(missing)} not installed")

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    users, notes = shared / "radosgw.users", shared / "radosgw.notes"
    with _locked(shared):
        count = int(users.read_text()) if users.exists() else 0
        if count == 0:
            # Sockets in the server's folder limit the length of its path.
            folder = tempfile.mkdtemp(prefix="scenedex-s3-")
            port = _free_port()
            started = subprocess.run(
                [tool, "start", folder, str(port)], check=True, capture_output=True, text=True, timeout=120
            )
            notes.write_text(f"{folder}\n{started.stdout}")
        users.write_text(str(count + 1))
    folder, endpoint, access_key, secret_key = notes.read_text().split()
    yield S3Location(endpoint, "us-east-1", access_key, secret_key, allow_http=True)
    with _locked(shared):
        count = int(users.read_text()) - 1
        users.write_text(str(count))
        if count == 0:
            subprocess.run([tool, "stop", folder], check=True, timeout=60)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    with (folder / "radosgw.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_port() -> int:
    """A port whose two companions, which the tool derives from it, are free as well."""
    for port in range(20000 + os.getpid() % 8000, 36000):
        try:
            with socket.socket() as first, socket.socket() as second, socket.socket() as third:
                for listener, number in ((first, port), (second, port + 28295), (third, port + 28296)):
                    listener.bind(("127.0.0.1", number))
        except OSError:
            continue
        return port
    pytest.skip("no S3 server: no free port")
