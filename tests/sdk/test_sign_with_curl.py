"""The documentation's script, against a server over HTTP."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from app_transport import NOT_THERE, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.conftest import Service, Serving, Site

SCRIPT = Path(__file__).parents[2] / "docs" / "how-to" / "sign-with-curl.sh"
KEY = '2025/a "b" \\ü.mp4'

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="needs the programs curl and openssl"
)


@pytest.fixture(scope="module")
def listening(serving: Serving, new_site: Callable[[Service], Site]) -> Generator[Site]:
    """A workspace of a server on a loopback port."""
    with serving() as service:
        yield new_site(service)


def run(site: Site, **environment: str) -> tuple[int, str, str]:
    """Run the script beside a worker that imports, and return its exit status, output and errors."""
    key = site.api.key
    given = {
        **os.environ,
        "ENDPOINT": site.service.url,
        "NCLOUD_ACCESS_KEY": key.access_key,
        "NCLOUD_SECRET_KEY": key.secret_key,
        "WORKSPACE": site.name,
        "BUCKET": "footage",
        "KEY": KEY,
        "POLL_SECONDS": "0.1",
        **environment,
    }
    worker = Worker(httpx2.MockTransport(lambda _: httpx2.Response(500)), site)
    with subprocess.Popen(
        ["/bin/sh", str(SCRIPT)], env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as script:
        while script.poll() is None:
            if "POLLS" not in environment:
                worker.import_all()
            try:
                out, err = script.communicate(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            return script.returncode, out, err
        out, err = script.communicate()
        return script.returncode, out, err


def test_walks_through_five_operations(listening: Site) -> None:
    status, out, err = run(listening)

    assert status == 0, err
    projects = f"{listening.path}/projects"
    calls = [line.replace(projects, "") for line in out.splitlines() if projects in line and line[:1].isupper()]
    [(asset, project)] = listening.service.rows("SELECT asset_id, project_id FROM assets")
    walked = list(dict.fromkeys(calls))
    assert walked[0] == "POST "
    assert [call.partition(" ")[0] for call in walked[1:]] == ["POST", "GET", "GET", "PATCH"]
    assert out.endswith(f"Asset {asset} is in project {project}.\n")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"NCLOUD_SECRET_KEY": 'S/K+=:$"'}, 'does not have the code "0"'),
        ({"WORKSPACE": "nowhere"}, 'does not have the code "0"'),
        ({"KEY": NOT_THERE}, "The import ended with FILE_NOT_EXIST."),
        ({"POLLS": "1"}, "The import takes too long."),
        ({"BUCKET": ""}, "bucket of the object"),
    ],
    ids=["secret", "workspace", "key", "time", "usage"],
)
def test_fails_where_the_walk_does(listening: Site, environment: dict[str, str], said: str) -> None:
    status, _, err = run(listening, **environment)

    assert status != 0
    assert said in err
