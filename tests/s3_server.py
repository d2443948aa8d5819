"""Real S3 server for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ports import free_port
from scenedex.storage.s3_location import S3Location
from shared_servers import Ending, shared

if TYPE_CHECKING:
    from collections.abc import Generator

PROGRAMS = ("ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin")
PACKAGES = "ceph-mon ceph-mgr ceph-osd radosgw ceph-common"
# The tool derives two more ports from the one that it is given.
_COMPANIONS = (28295, 28296)


@pytest.fixture(scope="session")
def s3_location(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Location]:
    """One Ceph gateway for all worker processes of a test run."""
    checkout = Path(__file__).parents[1]
    tool = Path(os.environ.get("SCENEDEX_TEST_TOOLS", checkout.parent / "shared" / "tools")) / "radosgw"
    if not tool.is_file():
        pytest.skip(f"no S3 server: {tool} is absent (SCENEDEX_TEST_TOOLS names its folder)")
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        pytest.skip(f"no S3 server: {', '.join(missing)} not installed (Debian: apt-get install {PACKAGES})")
    if os.geteuid() != 0:
        pytest.skip("no S3 server: the tool that starts it needs root")

    def start(folder: Path) -> str:
        command = [tool, "start", folder, str(free_port(_COMPANIONS))]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout

    with shared("radosgw", tmp_path_factory, start, Ending("*.pid")) as notes:
        endpoint, access_key, secret_key = notes.split()
        yield S3Location(endpoint, "us-east-1", access_key, secret_key, allow_http=True)
