from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scenedex.client.signing import Credentials
from scenedex.client.testing import FakeService, StoredObject, loopback

SCRIPT = Path(__file__).parents[3] / "docs" / "how-to" / "sign-with-curl.sh"
KEY = '2025/a "b" \\ü.mp4'
SECRET = 'S/K+=:$"'

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="needs the programs curl and openssl"
)


@pytest.fixture
def service() -> FakeService:
    service = FakeService(Credentials("AK_TEST", SECRET))
    service.catalogue.create_workspace("archive", None)
    service.catalogue.objects["footage", KEY] = StoredObject()
    return service


def run(service: FakeService, **environment: str) -> subprocess.CompletedProcess[str]:
    with loopback(service) as endpoint:
        given = {
            **os.environ,
            "ENDPOINT": endpoint,
            "NCLOUD_ACCESS_KEY": "AK_TEST",
            "NCLOUD_SECRET_KEY": SECRET,
            "WORKSPACE": "archive",
            "BUCKET": "footage",
            "KEY": KEY,
            "POLL_SECONDS": "0",
            **environment,
        }
        command = ["/bin/sh", str(SCRIPT)]
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)


def test_walks_through_five_operations(service: FakeService) -> None:
    ended = run(service)

    assert ended.returncode == 0, ended.stderr
    requests = [
        f"{it.method} {it.target.removeprefix('/api/v1/workspaces/archive/projects')}" for it in service.received
    ]
    assert requests == [
        "POST ",
        "POST ",
        "POST /1002/assets/import/object-storage",
        "GET /1002/assets/1004/import-status",
        "GET /1002/assets/1004/import-status",
        "GET /1002/assets?pageNum=1&pageSize=100",
        "PATCH /1002/assets/1004?new_project_id=1003",
    ]
    assert ended.stdout.endswith("Asset 1004 is in project 1003.\n")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"NCLOUD_SECRET_KEY": "wrong"}, 'does not have the code "0"'),
        ({"WORKSPACE": "nowhere"}, 'does not have the code "0"'),
        ({"KEY": "nothing.mp4"}, "The import ended with FILE_NOT_EXIST."),
        ({"POLLS": "1"}, "The import takes too long."),
        ({"BUCKET": ""}, "bucket of the object"),
    ],
    ids=["secret", "workspace", "key", "time", "usage"],
)
def test_fails_where_the_walk_does(service: FakeService, environment: dict[str, str], said: str) -> None:
    ended = run(service, **environment)

    assert ended.returncode != 0
    assert said in ended.stderr
