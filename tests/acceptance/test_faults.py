"""Kills in the middle of work: nothing is lost, nothing is done twice, and nothing is left behind."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clusters import workplace
from newsroom import ANALYSIS_PATIENCE_S, POLL_S, Desk, open_desk
from postgres_server import make_postgres
from processes import ONLY_SHOTS, PATIENCE_S, SOON, Server, running, until
from scenedex.client import AnalysisOptions, AnalysisStatus
from sizes import Grown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from postgres_server import PostgresServer
    from scenedex.client.indexes import AssetIndex
    from sizes import Ground

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
OPTIONS = AnalysisOptions(analysis_person_count=0)
SECONDS_OF_OUTAGE = 2


@dataclass
class Site:
    """Server that detects shots only, and its PostgreSQL server, if that is a separate one."""

    server: Server
    postgres: PostgresServer | None

    def lose_database(self, *, seconds: float = 0) -> None:
        """Kill the database server. An embedded one restarts by itself, another one after this pause."""
        if self.postgres is None:
            self.server.kill(self.server.pids("bin/postgres", str(self.server.data_dir)))
            return
        self.postgres.kill()
        time.sleep(seconds)
        self.postgres.start()


@pytest.fixture(scope="module")
def site(new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory, film: Path) -> Generator[Site]:
    data_dir = tmp_path_factory.mktemp("faults") / "data"
    with contextlib.ExitStack() as stack:
        ground, postgres = new_ground(data_dir), None
        if isinstance(ground, Grown):
            postgres = make_postgres(Path(stack.enter_context(workplace())))
            postgres.start()
            stack.callback(postgres.stop)
            ground = replace(ground, database=postgres.create_database())
        server = stack.enter_context(running(Server(data_dir, ground, SOON | ONLY_SHOTS)))
        server.put("film.mp4", film.read_bytes())
        yield Site(server, postgres)


@pytest.fixture
def desk(site: Site) -> Generator[Desk]:
    # Restart a killed worker if the server does not do so.
    site.server.start()
    with open_desk(site.server) as opened:
        yield opened


def kill_worker(site: Site) -> None:
    """Kill a worker at work, or any worker if none is at work."""
    server = site.server
    server.kill((server.workers_at_work() or server.workers_of())[:1])


def kill_decoder(site: Site) -> None:
    site.server.kill(site.server.decoders())


def kill_postgres(site: Site) -> None:
    site.lose_database()


def kill_database(site: Site) -> None:
    """Kill the database together with its supervisor, for a longer outage."""
    site.server.kill(site.server.pids("embedded.supervisor", str(site.server.data_dir)))
    site.lose_database(seconds=SECONDS_OF_OUTAGE)


def kill_server(site: Site) -> None:
    assert site.server.process is not None
    site.server.kill([site.server.process.pid])
    site.server.process.wait()
    site.server.start()


def kill_everything(site: Site) -> None:
    site.server.kill_everything()
    site.server.start()


def is_at_work(site: Site, index: AssetIndex) -> bool:
    """Return whether the film is decoded, or has been between two looks at a machine that is too busy to look often."""
    return bool(site.server.decoders()) or index.status().status is AnalysisStatus.ANALYZE_COMPLETED


@pytest.mark.parametrize(
    "kill", [kill_worker, kill_decoder, kill_postgres, kill_database, kill_server, kill_everything]
)
def test_an_analysis_survives(site: Site, desk: Desk, kill: Callable[[Site], None]) -> None:
    asset = desk.imported("film.mp4")
    index = desk.index(asset)
    index.request(OPTIONS)
    until(lambda: is_at_work(site, index), "the analysis runs")

    kill(site)

    assert index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S).status is AnalysisStatus.ANALYZE_COMPLETED
    shots = desk.scenes(asset)
    assert shots[0][0] == 0
    assert all(before[1] == after[0] for before, after in pairwise(shots))
    until(lambda: site.server.decoders() == [], "the media children have ended")


@pytest.mark.parametrize("kill", [kill_worker, kill_everything])
def test_imports_survive(site: Site, desk: Desk, kill: Callable[[Site], None]) -> None:
    # More than the number of concurrent places.
    assets = [desk.registered("film.mp4") for _ in range(6)]

    kill(site)

    for asset in assets:
        assert desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S).meta_data is not None
        assert len(site.server.ground.managed(f"assets/{asset}/")) == 1


@pytest.mark.parametrize("kill", [kill_worker, kill_everything])
def test_a_watched_folder_is_imported_once(site: Site, desk: Desk, kill: Callable[[Site], None]) -> None:
    folder = f"{desk.workspace}/"
    keys = [f"{folder}{number:02}.mp4" for number in range(20)]
    for key in keys:
        site.server.put(key, b"no film")
    watches = desk.client.watches(desk.workspace, desk.project_id)
    imports = desk.client.bulk_imports(desk.workspace, desk.project_id)
    watches.create(desk.bucket, folder, every_seconds=10, settle_seconds=0)
    made = imports.request(desk.bucket, folder)

    kill(site)

    imports.wait(made.import_id, timeout=PATIENCE_S, poll=POLL_S)
    site.server.put(f"{folder}late.mp4", b"no film")

    def ended() -> list[str]:
        return sorted(one.key for one in desk.assets.states() if one.import_status.is_final and one.key)

    until(lambda: ended() == [*keys, f"{folder}late.mp4"], "each object has ended as one asset")


def test_a_stop_is_quick_and_loses_nothing(site: Site, desk: Desk) -> None:
    server = site.server
    asset = desk.imported("film.mp4")
    index = desk.index(asset)
    index.request(OPTIONS)
    waiting = [desk.registered("film.mp4") for _ in range(5)]
    until(lambda: is_at_work(site, index), "the analysis runs")

    seconds = server.stop()

    # A stop that waits for the end of the work takes as long as that.
    assert seconds < 30
    assert server.pids(str(server.data_dir)) == []
    server.start()
    assert index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S).status is AnalysisStatus.ANALYZE_COMPLETED
    for other in waiting:
        desk.assets.wait_import(other, timeout=PATIENCE_S, poll=POLL_S)


def test_a_deleted_asset_leaves_nothing_behind(site: Site, desk: Desk) -> None:
    ground = site.server.ground
    asset = desk.imported("film.mp4")
    desk.analysed(asset, OPTIONS)
    assert ground.managed(f"assets/{asset}/")

    desk.assets.delete(asset)

    until(lambda: not ground.managed(f"assets/{asset}/"), "its objects are gone")
    assert ground.has("film.mp4")


def test_what_was_broken_off_leaves_nothing_that_is_out_of_place(site: Site) -> None:
    """Runs after all tests above, on the same server."""
    found = json.loads(site.server.run("reconcile", "--deep", "--min-age", "0", "--json"))

    assert found["left"] == 0, found["findings"]
    assert found["objects"] > 0


@pytest.mark.parametrize("new_ground", ["embedded"], indirect=True)
def test_a_worker_on_its_own_does_the_work(site: Site, desk: Desk) -> None:
    """Runs at the embedded size only, since all workers of the grown size are such."""
    site.server.stop()
    site.server.start(workers=0)
    asset = desk.registered("film.mp4")

    with site.server.worker():
        status = desk.assets.wait_import(asset, timeout=PATIENCE_S, poll=POLL_S)

    assert status.meta_data is not None
    site.server.stop()
