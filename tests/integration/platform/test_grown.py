"""Several processes on one PostgreSQL over TCP with TLS, its password and the secrets key in files."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from cryptography.fernet import Fernet
from psycopg.conninfo import conninfo_to_dict

from certificates import Authority
from operators import operate
from ports import free_port
from relays import relayed
from scenedex.client import Client
from scenedex.client.signing import Credentials
from scenedex.media.samples import SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from tests.conftest import Cluster

    from operators import Ended

NGINX = Path(__file__).parents[3] / "deploy" / "compose" / "nginx.conf"
PATIENCE_S = 90


@dataclass(frozen=True)
class Ground:
    """Database, and the environment of processes that use it."""

    folder: Path
    environment: Mapping[str, str]
    url: str
    password: str

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "scenedex", *command, "--data-dir", str(self.folder / "data")],
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )

    def operate(self, *words: str, **changed: str) -> Ended:
        """Run a command that ends soon."""
        return operate(*words, data_dir=self.folder / "data", environment={**self.environment, **changed})

    def run(self, *command: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scenedex", *command, "--data-dir", str(self.folder / "data")],
            env={**os.environ, **self.environment, **changed},
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )


@pytest.fixture(scope="module")
def ground(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Generator[Ground]:
    folder = tmp_path_factory.mktemp("grown")
    there = conninfo_to_dict(cluster.create_database())
    authority = Authority(folder, "authority")
    (folder / "password").write_text(f"{there['password']}\n")
    (folder / "key").write_bytes(Fernet.generate_key())
    (folder / "data" / "buckets").mkdir(parents=True)
    server = Path(str(there["host"])) / f".s.PGSQL.{there.get('port', 5432)}"
    with relayed(server, authority.server_context()) as port:
        url = f"postgresql://{there['user']}@127.0.0.1:{port}/{there['dbname']}?sslmode=verify-full"
        environment = {
            "SCENEDEX_DATABASE_URL": f"{url}&sslrootcert={authority.file}",
            "SCENEDEX_DATABASE_PASSWORD_FILE": str(folder / "password"),
            "SCENEDEX_SECRETS_KEY_FILE": str(folder / "key"),
        }
        yield Ground(folder, environment, url, str(there["password"]))


@pytest.fixture(scope="module")
def endpoints(ground: Ground) -> Generator[tuple[str, str]]:
    """Two API processes and a worker."""
    ports = [free_port(), free_port()]
    commands = [*(("serve", "--no-workers", "--port", str(port)) for port in ports), ("worker",)]
    processes = [ground.start(*command) for command in commands]
    try:
        for port in ports:
            await_answer(f"http://127.0.0.1:{port}/readyz", ground.folder / "processes.log")
        yield f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(PATIENCE_S) for process in processes] == [0, 0, 0]


@pytest.fixture(scope="module")
def caller(ground: Ground) -> Caller:
    made = json.loads(ground.operate("keys", "create", "--user", "alice", "--role", "manager", "--json").stdout)
    return Caller(Credentials(made["accessKey"], made["secretKey"]))


def await_answer(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(url, timeout=5).status_code == 200:
                return
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


@dataclass(frozen=True)
class Caller:
    """Signed calls. The target is sent unchanged."""

    credentials: Credentials

    def __call__(self, endpoint: str, method: str, target: str, body: object = None) -> httpx2.Response:
        headers = self.credentials.headers(method, target, time.time_ns() // 1_000_000)
        content = None if body is None else json.dumps(body).encode()
        with httpx2.Client(timeout=PATIENCE_S) as client:
            return client.request(
                method, endpoint, headers=headers, content=content, extensions={"target": target.encode()}
            )


def test_what_one_process_begins_another_ends(endpoints: tuple[str, str], caller: Caller, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    write_video(film, [Take(12, drifting(1, 640, 360))], SampleFormat(width=640, height=360))
    one, other = endpoints
    made = caller(one, "POST", "/api/v1/workspaces", {"workspaceName": "shared"})
    projects = caller(other, "GET", "/api/v1/workspaces/shared/projects").json()["result"]["projects"]
    assets = f"/api/v1/workspaces/shared/projects/{projects[0]['projectId']}/assets"

    ticket = caller(one, "POST", f"{assets}/uploads/presigned-url", {"assetFileName": "film.mp4"}).json()["result"]
    upload = ticket["presignedUploadUrl"].replace(one, other)
    sent = httpx2.put(upload, content=film.read_bytes(), timeout=PATIENCE_S)
    again = httpx2.put(upload.replace(other, one), content=film.read_bytes(), timeout=PATIENCE_S)
    completed = caller(one, "POST", f"{assets}/uploads/complete", {"assetKey": ticket["assetFileKey"]})

    assert (made.status_code, sent.status_code, completed.status_code) == (200, 200, 200)
    assert again.status_code != 200
    with Client(other, caller.credentials.access_key, caller.credentials.secret_key) as client:
        asset_id = completed.json()["result"]["assetId"]
        client.assets("shared", projects[0]["projectId"]).wait_import(asset_id, timeout=PATIENCE_S, poll=0.1)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_signed_targets_pass_through_the_proxy_as_they_are(
    endpoints: tuple[str, str], caller: Caller, tmp_path: Path
) -> None:
    """The proxy's configuration of deploy/, with these two processes in place of the containers' host name."""
    port = free_port()
    servers = "".join(f"server {endpoint.removeprefix('http://')} max_fails=0;" for endpoint in endpoints)
    text = (
        NGINX.read_text()
        .replace("server api:8600 resolve max_fails=0;", servers)
        .replace("listen 8600", f"listen {port}")
    )
    text = text.replace("resolver 127.0.0.11 valid=5s;", "")
    text = text.replace("/tmp/", f"{tmp_path}/")  # noqa: S108  # that of the container
    (tmp_path / "nginx.conf").write_text(text)
    command = ["nginx", "-e", str(tmp_path / "nginx.log"), "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"]
    with subprocess.Popen(command) as proxy:
        try:
            endpoint = f"http://127.0.0.1:{port}"
            await_answer(f"{endpoint}/readyz", tmp_path / "nginx.log")
            targets = ("/api/v1/workspaces?pageNum=1", "/api/v1/workspaces/%C3%BC%2F..", "/api/v1//workspaces/./%7e")
            answers = [caller(endpoint, "GET", target) for target in targets]
            metrics = httpx2.get(f"{endpoint}/metrics")
        finally:
            proxy.terminate()

    # 401 would say that the signature is not that of what arrived.
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert metrics.status_code == 404


@pytest.mark.usefixtures("endpoints")
def test_the_doctor_sees_the_encrypted_connection(ground: Ground) -> None:
    examined = ground.operate("doctor", "--json")

    assert examined.returncode == 0, examined.stdout
    said = {finding["subject"]: finding["text"] for finding in json.loads(examined.stdout)}
    assert said["connection to the database"] == "encrypted, within this machine"
    assert "external" in said["database"]
    assert ground.password not in examined.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param("&sslrootcert={other}", "certificate verify failed", id="a certificate of another authority"),
        pytest.param("&sslmode=disable", "connection", id="no encryption"),
    ],
)
def test_a_connection_that_is_refused_says_why(options: str, said: str, ground: Ground, tmp_path: Path) -> None:
    url = ground.url + options.format(other=Authority(tmp_path, "other").file)

    tried = ground.operate("keys", "list", SCENEDEX_DATABASE_URL=url)

    assert (tried.returncode, tried.stdout) == (1, "")
    assert said in tried.stderr
    assert "database.url" in tried.stderr
    assert len(tried.stderr.splitlines()) == 1
    assert ground.password not in tried.stderr


def test_a_wrong_password_is_named_with_its_setting(ground: Ground, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong\n")
    settings = {"SCENEDEX_DATABASE_PASSWORD_FILE": str(tmp_path / "password")}

    examined, tried = ground.operate("doctor", "--json", **settings), ground.run("worker", **settings)

    assert (examined.returncode, tried.returncode) == (1, 1)
    [finding] = [one for one in json.loads(examined.stdout) if one["subject"] == "database"]
    assert "[database]" in finding["advice"]
    for said in (finding["text"], tried.stderr):
        assert "password authentication failed" in said
        assert "database.password" in said
