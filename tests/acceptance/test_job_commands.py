"""``scenedex jobs``, as an operator uses it beside a running server."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsroom import POLL_S
from operators import operate
from processes import PATIENCE_S
from scenedex.client import ImportFailed

if TYPE_CHECKING:
    from newsroom import Desk
    from operators import Ended
    from processes import Server


def steer(server: Server, *words: str) -> Ended:
    return operate("jobs", *words, data_dir=server.data_dir, environment=server.settings)


def test_what_is_paused_is_listed_and_goes_on(server: Server, desk: Desk) -> None:
    here = ("--workspace", desk.workspace)
    steer(server, "pause", *here)
    asset = desk.registered("film.mp4")

    listed = json.loads(steer(server, "list", *here, "--json").stdout)
    narrower = steer(server, "resume", *here, "--kind", "import")
    resumed = steer(server, "resume", *here)

    [job] = listed["jobs"]
    assert (job["name"], job["state"]) == (f"import:{asset}", "paused")
    assert datetime.fromisoformat(job["since"]).utcoffset() == timedelta(0)
    assert "T" in job["since"]
    assert f"scenedex jobs resume --data-dir {server.data_dir} -w {desk.workspace}" in narrower.stderr
    assert resumed.stderr == f"All jobs of workspace {desk.workspace} are resumed.\n"
    desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S)
    assert steer(server, "resume", *here).stderr == "No such jobs were paused.\n"


def test_what_failed_says_why_and_is_begun_anew(server: Server, desk: Desk) -> None:
    here = ("--workspace", desk.workspace)
    asset = desk.registered(f"{'a long name ' * 12}.mp4")
    with pytest.raises(ImportFailed):
        desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S)

    [line] = [one for one in steer(server, "list", "--failed", *here).stdout.splitlines() if f"import:{asset}" in one]
    retried = steer(server, "retry", "--failed", *here)

    assert "failed" in line
    assert retried.stderr == f"import:{asset} is retried.\n"
    with pytest.raises(ImportFailed):
        desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S)


def test_a_proxy_is_listed_cancelled_and_retried(server: Server, desk: Desk) -> None:
    here = ("--workspace", desk.workspace, "--kind", "proxy")
    asset = desk.imported("film.mp4")
    steer(server, "pause", *here)
    desk.assets.request_proxy(asset)
    name = f"proxy:{asset}"

    def names(*options: str) -> list[tuple[str, str]]:
        jobs = json.loads(steer(server, "list", *here, *options, "--json").stdout)["jobs"]
        return [(job["name"], job["state"]) for job in jobs]

    assert names() == [(name, "paused")]
    assert steer(server, "cancel", name).returncode == 0
    assert (names(), names("--failed")) == ([], [(name, "failed")])
    assert desk.assets.playback(asset).proxy is not None
    assert steer(server, "retry", name).stderr == f"{name} is retried.\n"
    assert (names(), names("--failed")) == ([(name, "paused")], [])
    steer(server, "cancel", name)


@pytest.mark.parametrize("words", [("cancel", "import:0"), ("retry", "analysis:0")], ids=" ".join)
def test_a_job_that_is_not_there_is_named(words: tuple[str, str], server: Server) -> None:
    tried = steer(server, *words)

    assert tried.returncode == 1
    assert words[1] in tried.stderr
