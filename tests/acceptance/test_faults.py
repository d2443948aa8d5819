"""What a kill in the middle of work does: nothing is lost, nothing is done twice, nothing is left."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from processes import BUCKET, until
from scenedex.client import AnalysisOptions, AnalysisStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from processes import Desk, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
OPTIONS = AnalysisOptions(analysis_person_count=0)


def kill_worker(server: Server) -> None:
    server.kill(server.workers_of())


def kill_decoder(server: Server) -> None:
    server.kill(server.decoders())


def kill_postgres(server: Server) -> None:
    server.kill(server.pids("bin/postgres", str(server.data_dir)))


def kill_database(server: Server) -> None:
    server.kill(server.pids("embedded.supervisor", str(server.data_dir)))
    server.kill(server.pids("bin/postgres", str(server.data_dir)))


def kill_server(server: Server) -> None:
    assert server.process is not None
    server.kill([server.process.pid])
    server.process.wait()
    server.start()


def kill_everything(server: Server) -> None:
    server.kill_everything()
    server.start()


@pytest.mark.parametrize(
    "kill", [kill_worker, kill_decoder, kill_postgres, kill_database, kill_server, kill_everything]
)
def test_an_analysis_survives(server: Server, desk: Desk, kill: Callable[[Server], None]) -> None:
    asset = desk.imported("film.mp4")
    index = desk.index(asset)
    index.request(OPTIONS)
    until(lambda: bool(server.decoders()), "the analysis runs")

    kill(server)

    assert index.wait(timeout=90, poll=0.2).status is AnalysisStatus.ANALYZE_COMPLETED
    shots = desk.scenes(asset)
    assert shots[0][0] == 0
    assert all(before[1] == after[0] for before, after in pairwise(shots))
    assert server.decoders() == []


@pytest.mark.parametrize("kill", [kill_worker, kill_server, kill_everything])
def test_imports_survive(server: Server, desk: Desk, kill: Callable[[Server], None]) -> None:
    assets = [desk.assets.register(BUCKET, "film.mp4").asset_id for _ in range(10)]

    kill(server)

    for asset in assets:
        assert desk.assets.wait_import(asset, timeout=90, poll=0.1).meta_data is not None
    copies = list((server.data_dir / "managed" / "assets").glob("*/source-*"))
    assert len(copies) == len(assets)


def test_a_stop_is_quick_and_loses_nothing(server: Server, desk: Desk) -> None:
    asset = desk.imported("film.mp4")
    index = desk.index(asset)
    index.request(OPTIONS)
    waiting = [desk.assets.register(BUCKET, "film.mp4").asset_id for _ in range(5)]
    until(lambda: bool(server.decoders()), "the analysis runs")

    seconds = server.stop()

    assert seconds < 10
    assert server.pids(str(server.data_dir)) == []
    server.start()
    assert index.wait(timeout=90, poll=0.2).status is AnalysisStatus.ANALYZE_COMPLETED
    for other in waiting:
        desk.assets.wait_import(other, timeout=90, poll=0.1)


def test_a_deleted_asset_leaves_nothing_behind(server: Server, desk: Desk) -> None:
    asset = desk.imported("film.mp4")
    desk.index(asset).request(OPTIONS)
    desk.index(asset).wait(timeout=90, poll=0.2)
    folder = server.data_dir / "managed" / "assets" / str(asset)
    assert folder.is_dir()

    desk.assets.delete(asset)

    until(lambda: not folder.exists(), "its objects are gone")
    assert (server.data_dir / "buckets" / BUCKET / "film.mp4").is_file()


def test_a_worker_on_its_own_does_the_work(server: Server, desk: Desk) -> None:
    server.stop()
    server.workers = 0
    server.start()
    asset = desk.assets.register(BUCKET, "film.mp4").asset_id

    with server.worker():
        status = desk.assets.wait_import(asset, timeout=90, poll=0.1)

    assert status.meta_data is not None
