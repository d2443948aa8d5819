"""The first minutes of a user: an empty folder, a server, its commands in a terminal and in a pipe."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from unicodedata import normalize

import pytest

from operators import operate
from ports import free_port
from processes import ONLY_SHOTS, PATIENCE_S, until
from sizes import AT_ONE_SIZE
from terminal import in_terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsroom import Desk
    from processes import Server

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash") or "/bin/bash"
# Normal forms of the folder and the name of a key in a bucket.
WRITTEN_FORMS: Sequence[tuple[Literal["NFC", "NFD"], Literal["NFC", "NFD"]]] = (("NFD", "NFD"), ("NFC", "NFD"))
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(
    *words: str, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SCENEDEX_")}
    return subprocess.run(
        [sys.executable, "-m", "scenedex", *words], check=False, capture_output=True, text=True,
        timeout=PATIENCE_S, cwd=folder, env={**clean, **(environment or {})},
    )  # fmt: skip


def as_user(server: Server, desk: Desk) -> dict[str, str]:
    """Environment of a user at work in a project."""
    access_key, secret_key = server.key()
    return {
        "SCENEDEX_ENDPOINT": server.endpoint,
        "SCENEDEX_WORKSPACE": desk.workspace,
        "SCENEDEX_PROJECT": str(desk.project_id),
        "NCLOUD_ACCESS_KEY": access_key,
        "NCLOUD_SECRET_KEY": secret_key,
    }


@pytest.mark.parametrize(
    "command",
    [
        "keys list",
        "keys create --user a --role viewer",
        "console link",
        "jobs list",
        "buckets list",
        "reconcile",
        "search reindex",
        "worker",
    ],
)
def test_operators_commands_refuse_a_folder_that_no_server_has_used(command: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with contextlib.chdir(tmp_path):
        refused = operate(*command.split())
        other = operate(*command.split(), data_dir=Path("other"))

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert f"The folder {tmp_path / 'scenedex-data'} does not exist." in refused.stderr
    assert "--data-dir or SCENEDEX_DATA_DIR" in refused.stderr
    assert refused.stderr.rstrip().endswith("scenedex serve")
    if not command.startswith("weights"):
        assert f"The folder {tmp_path / 'other'} is no data folder of Scenedex." in other.stderr
        assert other.stderr.rstrip().endswith("scenedex serve --data-dir other")
        assert [*(tmp_path / "other").iterdir()] == []
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_the_doctor_names_the_folder_and_checks_the_rest(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        examined = operate("doctor", "--json")

    found = {finding["subject"]: finding for finding in json.loads(examined.stdout)}
    assert examined.returncode == 1
    assert found["data folder"]["text"] == f"The folder {tmp_path / 'scenedex-data'} does not exist"
    assert "engine" in found
    assert [*tmp_path.iterdir()] == []


def test_the_log_begins_with_the_address_and_the_next_command(server: Server) -> None:
    first, *others = (json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{"))
    serving = next(entry for entry in (first, *others) if entry["event"] == "serving")

    assert (serving["url"], serving["docs"]) == (server.endpoint, f"{server.endpoint}/docs")
    assert serving["access_keys"] == 0
    assert f"scenedex keys create --data-dir {server.data_dir} --user " in serving["next"]
    missing = [entry for entry in (first, *others) if entry["event"] == "stages.not_analysed"]
    assert len(missing) <= max(1, len(server.beside))


def test_the_quick_start_works_as_typed(tmp_path: Path, short_film: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    sample = tmp_path / "scenedex-demo" / "buckets" / "demo-bucket" / "demo.mp4"
    sample.parent.mkdir(parents=True)
    sample.write_bytes(short_film.read_bytes())
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SCENEDEX_")}
    environment = {
        **clean, "SCENEDEX_SERVER_PORT": str(port), "SCENEDEX_ENDPOINT": f"http://127.0.0.1:{port}",
        "SCENEDEX_LOG_FORMAT": "console", **ONLY_SHOTS,
    }  # fmt: skip
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Run a server")[2].partition("\n## ")[0]
    serve, *blocks = BLOCK.findall(section)
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [BASH, "-ec", f"exec {serve}"], cwd=tmp_path, env=environment, stdout=output, stderr=output
        )
    try:
        until(lambda: "Next, in another terminal" in log.read_text() or server.poll() is not None, "the server greets")
        greeting = log.read_text().splitlines()
        typed = subprocess.run(
            [BASH, "-ec", "\n".join(blocks)],
            check=False, capture_output=True, text=True, timeout=240, cwd=tmp_path, env=environment,
        )  # fmt: skip
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)

    assert greeting[:2] == [
        f"Starting Scenedex, with its data in {tmp_path / 'scenedex-data'}",
        f"Scenedex serves at http://127.0.0.1:{port}. Documentation: http://127.0.0.1:{port}/docs",
    ]
    assert greeting[2].startswith("There is no access key. Next, in another terminal: .venv/bin/scenedex keys create ")
    assert greeting[3].startswith(f"Console: http://127.0.0.1:{port}/console/#sign-in=")
    assert sum("weights" in line for line in greeting) == 1
    assert typed.returncode == 0, typed.stderr
    assert "ANALYZE_COMPLETED" in typed.stdout


@AT_ONE_SIZE
def test_an_interrupted_wait_says_that_the_work_goes_on(server: Server, desk: Desk) -> None:
    asset = str(desk.imported("film.mp4"))
    server.run("jobs", "pause", "--workspace", desk.workspace)
    try:
        shown = in_terminal(
            "index", "request", asset, "--wait", environment=as_user(server, desk), columns=70, interrupt_at="waiting"
        )
    finally:
        server.run("jobs", "resume", "--workspace", desk.workspace)

    text = " ".join(shown.text.split())
    assert shown.status == 130
    assert f"The analysis of asset {asset} goes on." in text
    assert f"index cancel {asset} -w {desk.workspace} -p {desk.project_id}" in text
    assert "Traceback" not in text
    desk.index(int(asset)).wait(timeout=PATIENCE_S)


@AT_ONE_SIZE
def test_a_bar_ends_at_100_percent_and_a_pipe_gets_a_line_for_each_stage(server: Server, desk: Desk) -> None:
    user = as_user(server, desk)
    asset = str(desk.imported("film.mp4"))

    bar = in_terminal("index", "request", asset, "--wait", environment=user)
    piped = run("index", "request", asset, "--wait", environment=user)

    assert bar.status == 0
    assert re.search(r"Analysing asset .* 100 %", bar.text)
    assert piped.returncode == 0
    lines = piped.stderr.splitlines()
    assert all(line.startswith(f"Analysing asset {asset}: ") for line in lines)
    assert lines == list(dict.fromkeys(lines))
    assert lines[-1:] in ([], [f"Analysing asset {asset}: done"])
    assert "ANALYZE_COMPLETED" in piped.stdout


@AT_ONE_SIZE
@pytest.mark.parametrize("columns", [40, 80])
def test_a_list_fits_the_terminal_and_names_assets_whole(server: Server, desk: Desk, columns: int) -> None:
    key = f"clips/{'long-name-' * 6}film.mp4"
    server.put(key, b"no film")
    asset = desk.registered(key)

    listed = in_terminal("assets", "list", environment=as_user(server, desk), columns=columns)

    rows = [line.split("│")[1:-1] for line in listed.lines if line.startswith("│")]
    assert max(map(len, listed.lines)) <= columns
    assert "…" not in listed.text
    if rows:
        assert "".join(row[0].strip() for row in rows) == str(asset)
        assert "".join(row[1].strip() for row in rows) == key
    else:
        assert re.sub(r"\s", "", listed.text).startswith(f"Asset{asset}Key{key}Import")


def test_a_key_is_found_in_the_other_normal_form(server: Server, desk: Desk, short_film: Path) -> None:
    folder = f"é-{desk.workspace}"
    for outer, inner in WRITTEN_FORMS:
        server.put(f"{normalize(outer, folder)}/{normalize(inner, f'한글 {outer}.mp4')}", short_film.read_bytes())

    for name in ("한글 NFD.mp4", "한글 NFC.mp4"):
        for form in ("NFC", "NFD"):
            key = normalize(form, f"{folder}/{name}")
            asset = desk.assets.get(desk.imported(key))
            assert asset.key == key
    states = list(desk.assets.states())
    assert [state.duplicate_of for state in states] == [None, *(3 * [states[0].asset_id])]


def test_a_server_that_does_not_run_is_named_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        keys = {"NCLOUD_ACCESS_KEY": "AK", "NCLOUD_SECRET_KEY": "SK", "SCENEDEX_ENDPOINT": endpoint}
        tried = run("workspaces", "list", environment=keys)

    assert tried.returncode == 7
    assert len(tried.stderr.splitlines()) == 1
    assert f"nothing listens at {endpoint}" in tried.stderr
    assert "scenedex serve" in tried.stderr
