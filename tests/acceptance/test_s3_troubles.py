"""Imports and analyses while the S3 service fails. Only the grown size has one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from newsroom import ANALYSIS_PATIENCE_S, POLL_S, Desk, open_desk
from operators import operate
from postgres_server import TEMPLATE
from processes import ONLY_SHOTS, PATIENCE_S, SOON, Server, running, until
from s3_proxy import Fault, S3Proxy, proxied
from scenedex.client import AnalysisFailed, AnalysisOptions, ImportFailed
from sizes import grown

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from postgres_server import PostgresServer
    from scenedex.storage.s3_location import S3Location

pytestmark = pytest.mark.xdist_group("troubles")
OPTIONS = AnalysisOptions(analysis_person_count=0)
# Enough attempts to show a retry, and few enough for a short test.
FEW_TRIES = {"SCENEDEX_WORKERS_MAX_ATTEMPTS": "2"}


@dataclass(frozen=True)
class Site:
    """A server that reaches its storage through a proxy."""

    server: Server
    proxy: S3Proxy
    desk: Desk

    @contextmanager
    def trouble(self) -> Generator[S3Proxy]:
        try:
            yield self.proxy
        finally:
            self.proxy.mend()


@pytest.fixture(scope="module")
def site(
    postgres_server: PostgresServer, s3_location: S3Location, tmp_path_factory: pytest.TempPathFactory, film: Path
) -> Generator[Site]:
    data_dir = tmp_path_factory.mktemp("troubles") / "data"
    with proxied(s3_location) as proxy:
        ground = grown(postgres_server.create_database(TEMPLATE), s3_location, proxy.location)
        with running(Server(data_dir, ground, SOON | ONLY_SHOTS | FEW_TRIES)) as server, open_desk(server) as desk:
            server.put("film.mp4", film.read_bytes())
            yield Site(server, proxy, desk)


def test_a_service_that_stumbles_all_the_time_changes_nothing(site: Site, film: Path) -> None:
    desk = site.desk
    with site.trouble() as proxy:
        proxy.fail("GET", "managed-", Fault(cut_after=10_000), times=None, every=3)
        proxy.fail("", "", Fault(status=503, code="SlowDown"), times=None, every=4)
        proxy.fail("", "", Fault(loses_answer=True), times=None, every=5)
        proxy.fail("", "", Fault(delay_seconds=0.3), times=None, every=6)
        troubled = desk.imported("film.mp4")
        index = desk.analysed(troubled, OPTIONS)
        assert len(proxy.met) > 5
    # Another workspace, so that nothing is taken over.
    with open_desk(site.server) as other:
        calm = other.analysed(other.imported("film.mp4"), OPTIONS)

    meta_data = desk.assets.get(troubled).meta_data
    assert meta_data is not None
    assert meta_data.size == film.stat().st_size
    assert len(site.server.ground.managed(f"assets/{troubled}/")) == 1
    assert [shot.start_time_ms for scene in index.scenes for shot in scene.shots] == [
        shot.start_time_ms for scene in calm.scenes for shot in scene.shots
    ]


def test_a_service_that_goes_away_is_waited_for(site: Site) -> None:
    with site.trouble() as proxy:
        proxy.fail("PUT", "/source-1", Fault(delay_seconds=1), times=None)
        asset = site.desk.registered("film.mp4")
        until(lambda: bool(proxy.met), "the copy is asked for")
        proxy.go_away()
        until(lambda: bool(rows_of(site, asset)[0][1]), "the try has ended")

    assert site.desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S).meta_data is not None


def test_a_service_that_is_away_for_long_uses_up_no_try(site: Site) -> None:
    with site.trouble() as proxy:
        proxy.go_away()
        assets = [site.desk.registered("film.mp4") for _ in range(3)]
        until(lambda: "worker.not_ready" in site.server.log.read_text(), "a worker says that it cannot work")
        # Longer than all attempts together.
        time.sleep(12)
    for asset in assets:
        assert site.desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S).meta_data is not None

    assert site.server.rows("SELECT DISTINCT import_tries FROM assets WHERE asset_id = ANY(%s)", assets) == [(1,)]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "wrong", "storage.secret_key"),
        ("MANAGED_BUCKET", "absent-bucket", "storage.managed_bucket"),
        ("ENDPOINT", "http://127.0.0.1:9", "no connection"),
    ],
    ids=["secret", "bucket", "endpoint"],
)
def test_a_worker_that_cannot_use_the_storage_says_so_and_leaves_the_jobs_to_others(
    site: Site, name: str, value: str, told: str
) -> None:
    begun = site.server.log.stat().st_size

    def said() -> str:
        return site.server.log.read_text()[begun:]

    with site.server.worker("-wrong", **{f"SCENEDEX_STORAGE_{name}": value}):
        until(lambda: "worker.not_ready" in said(), "the worker says that it cannot work")
        for _ in range(3):
            site.desk.imported("film.mp4")
    assert told in said()
    assert "job.given_up" not in said()
    assert "job.broken_off" not in said()


def test_a_server_stops_where_storage_that_was_away_turns_out_to_be_of_another_database(
    site: Site, tmp_path: Path
) -> None:
    elsewhere = {"SCENEDEX_STORAGE_MANAGED_PREFIX": "elsewhere"}
    command = ("serve", "--port", "0", "--no-workers", "--data-dir", str(tmp_path))
    with site.trouble() as proxy, (tmp_path / "log").open("wb") as log:
        proxy.go_away()
        server = subprocess.Popen(
            [sys.executable, "-m", "scenedex", *command],
            stderr=log,
            env={**os.environ, **site.server.settings, **elsewhere},
        )
        until(lambda: "serving" in (tmp_path / "log").read_text(), "it serves")
    assert server.wait(PATIENCE_S) == 1

    assert "The managed storage belongs to another database" in (tmp_path / "log").read_text().splitlines()[-1]


@pytest.mark.parametrize(
    ("method", "place", "fault", "told"),
    [
        pytest.param(
            "PUT", "/source-", Fault(status=403, code="AccessDenied"), "managed store cannot be written to", id="write"
        ),
        pytest.param("PUT", "/source-", Fault(status=500, code="InternalError"), "500 InternalError", id="broken"),
        pytest.param("", "archive-", Fault(status=403, code="RequestTimeTooSkewed"), "The clock of this", id="clock"),
        pytest.param(
            "", "archive-", Fault(status=403, code="SignatureDoesNotMatch"), "storage.secret_key", id="secret"
        ),
        pytest.param(
            "",
            "archive-",
            Fault(status=301, code="PermanentRedirect", more="<Region>eu-west-1</Region>"),
            "region eu-west-1",
            id="region",
        ),
    ],
)
def test_an_import_that_cannot_be_says_why(site: Site, method: str, place: str, fault: Fault, told: str) -> None:
    with site.trouble() as proxy:
        proxy.fail(method, place, fault, times=None)
        asset = site.desk.registered("film.mp4")
        with pytest.raises(ImportFailed) as failed:
            site.desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S)

    reason = str(failed.value)
    assert "Given up after 2 tries" in reason
    assert told in reason
    assert site.proxy.location.endpoint in reason
    until(lambda: not site.server.ground.managed(f"assets/{asset}/"), "no part of it is left")


def test_an_object_that_may_not_be_read_is_no_trouble_of_the_service(site: Site) -> None:
    with site.trouble() as proxy:
        proxy.fail("", "archive-", Fault(status=403, code="AccessDenied"), times=None)
        with pytest.raises(ImportFailed, match=r"FILE_NOT_EXIST.*no permission to read it"):
            site.desk.assets.wait_import(site.desk.registered("film.mp4"), timeout=PATIENCE_S, poll=POLL_S)
    assert "403 AccessDenied" in site.server.log.read_text()


def test_an_analysis_that_cannot_read_says_why(site: Site) -> None:
    # Another workspace, so that nothing is taken over.
    with open_desk(site.server) as desk:
        asset = desk.imported("film.mp4")
        index = desk.index(asset)
        with site.trouble() as proxy:
            proxy.fail("GET", f"/assets/{asset}/", Fault(status=503, code="SlowDown"), times=None)
            index.request(OPTIONS)
            with pytest.raises(AnalysisFailed, match=r"Given up after 2 tries.*503 SlowDown"):
                index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)

        assert desk.analysed(asset, OPTIONS).scenes


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"SECRET_KEY": "wrong"}, "storage.secret_key"),
        ({"ACCESS_KEY": "NOBODY"}, "storage.access_key"),
        ({"MANAGED_BUCKET": "absent-bucket"}, "storage.managed_bucket"),
        ({"ENDPOINT": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
    ],
    ids=["secret", "access", "bucket", "endpoint"],
)
def test_the_doctor_names_what_is_wrong_with_the_storage(site: Site, wrong: dict[str, str], told: str) -> None:
    environment = {f"SCENEDEX_STORAGE_{name}": value for name, value in wrong.items()}
    examined = operate(
        "doctor", "--json", data_dir=site.server.data_dir, environment={**site.server.settings, **environment}
    )

    assert examined.returncode == 1
    [finding] = [each for each in json.loads(examined.stdout) if each["state"] == "error"]
    assert finding["subject"] == "storage"
    assert told in finding["text"]


def rows_of(site: Site, asset: int) -> list[tuple[str, int]]:
    """Return the state of an import's job and its number of attempts."""
    return [
        (str(status), int(tries))
        for status, tries in site.server.rows(
            "SELECT j.status, j.attempts FROM procrastinate_jobs j JOIN assets a ON a.import_job_id = j.id"
            " WHERE a.asset_id = %s",
            asset,
        )
    ]
