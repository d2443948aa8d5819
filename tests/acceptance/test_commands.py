"""Errors of operators' commands: one line, and an exit status other than 0."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from operators import operate
from processes import PATIENCE_S
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from processes import Server

OTHER_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scenedex", *arguments],
        check=False, capture_output=True, text=True, timeout=PATIENCE_S, env={**os.environ, **(environment or {})},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        pytest.param({"SCENEDEX_DATABASE_URL": "nonsense"}, "database.url", id="no URL"),
        pytest.param({"SCENEDEX_DATABASE_URL": "mysql://x"}, "database.url", id="another database"),
        pytest.param({"SCENEDEX_DATABASE_URL": "postgresql://a:b@c/d?sslmod=x"}, "know: sslmod", id="no option"),
        pytest.param({"SCENEDEX_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"}, "connection", id="nobody there"),
        pytest.param({"SCENEDEX_SERVER_PORT": "x"}, "server.port", id="no port"),
        pytest.param({"SCENEDEX_SECRETS_KEY": "short"}, "secrets.key", id="no key"),
        pytest.param({"SCENEDEX_CONFIG": "/nowhere.toml"}, "SCENEDEX_CONFIG", id="no file"),
        pytest.param({"SCENEDEX_STORAGE_ENDPOINT": "http://127.0.0.1:1"}, "storage.managed_bucket", id="half an S3"),
    ],
)
def test_a_wrong_setting_is_named(environment: Mapping[str, str], named: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "postgres").mkdir(parents=True)
    tried = operate("keys", "list", data_dir=folder, environment=environment)

    assert tried.returncode == 1
    assert named in tried.stderr
    assert len(tried.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["nonsense", "postgresql://a:b@127.0.0.1:1/c"])
def test_the_doctor_tells_what_to_do_about_the_database(url: str, tmp_path: Path) -> None:
    tried = operate("doctor", "--json", data_dir=tmp_path, environment={"SCENEDEX_DATABASE_URL": url})

    assert tried.returncode == 1
    assert [finding["advice"] != "" for finding in json.loads(tried.stdout) if finding["state"] == "error"] == [True]


@AT_ONE_SIZE
def test_another_secrets_key_is_noticed(server: Server) -> None:
    server.key()
    folder = ("--data-dir", str(server.data_dir))
    environment = {**server.settings, "SCENEDEX_SECRETS_KEY": OTHER_KEY}

    examined = operate("doctor", "--json", data_dir=server.data_dir, environment=environment)

    assert "secrets" in {finding["subject"] for finding in json.loads(examined.stdout) if finding["state"] == "error"}
    for command in (("serve", "--port", "0"), ("worker",)):
        started = run(*command, *folder, environment=environment)
        assert started.returncode == 1
        assert "another key" in started.stderr


@pytest.mark.parametrize("command", [("worker",), ("serve", "--port", "0"), ("reconcile", "--repair")])
def test_storage_that_is_not_that_of_the_database_is_refused(
    command: tuple[str, ...], server: Server, tmp_path: Path
) -> None:
    key = server.settings.get("SCENEDEX_SECRETS_KEY") or (server.data_dir / "secret.key").read_text()
    with server.ground.conninfo() as conninfo:
        elsewhere = {"SCENEDEX_DATABASE_URL": conninfo, "SCENEDEX_STORAGE_MANAGED_PREFIX": "elsewhere"}
        tried = run(
            *command,
            "--data-dir",
            str(tmp_path),
            environment={**server.settings, "SCENEDEX_SECRETS_KEY": key, **elsewhere},
        )

    assert tried.returncode == 1
    assert "The managed storage belongs to another database" in tried.stderr.splitlines()[-1]
    assert "Traceback" not in tried.stderr


@AT_ONE_SIZE
def test_a_port_that_is_taken_is_named(server: Server) -> None:
    tried = run("serve", "--port", str(server.port), "--data-dir", str(server.data_dir), environment=server.settings)

    assert tried.returncode == 1
    assert f"port {server.port}" in tried.stderr
    assert len(tried.stderr.splitlines()) == 1


def test_the_version_is_printed() -> None:
    assert run("--version").stdout.startswith("scenedex ")
