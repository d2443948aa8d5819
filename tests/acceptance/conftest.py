"""Servers of both sizes: embedded in a data folder, and grown, on an external PostgreSQL and an external S3."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsroom import Desk, open_desk
from postgres_server import TEMPLATE
from processes import Server, running
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from shared_servers import made_once
from sizes import Embedded, Ground, grown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from postgres_server import PostgresServer


HERE = Path(__file__).parent
EMBEDDED, GROWN = "embedded", "grown"


@pytest.hookimpl(tryfirst=True)  # before all tests of a file are grouped
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a server run in one process, so that it is started once: of a module, a folder or a size."""
    for item in items:
        if not isinstance(item, pytest.Function) or not item.path.is_relative_to(HERE):
            continue
        if "new_ground" in item.fixturenames:
            size = item.callspec.params["new_ground"]
            shared = next((name for name in ("server", "console") if name in item.fixturenames), item.path.stem)
            item.add_marker(pytest.mark.xdist_group(f"{shared} {size}"))


@pytest.fixture(scope="session", params=[EMBEDDED, GROWN])
def new_ground(request: pytest.FixtureRequest) -> Callable[[Path], Ground]:
    """Factory for the ground of a server with a given data folder, for each of the two sizes in turn."""
    if request.param == EMBEDDED:
        return Embedded
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    location = request.getfixturevalue("s3_location")
    return lambda _data_dir: grown(postgres.create_database(TEMPLATE), location)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of several shots, which takes its time to be decoded."""
    return made_once("film.mp4", tmp_path_factory, lambda path: write_film(path, frames=40))


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of several shots, which is analysed quickly by all engines."""
    return made_once("short-film.mp4", tmp_path_factory, lambda path: write_film(path, frames=15))


def write_film(path: Path, frames: int) -> None:
    """Write a video of five shots of this length."""
    takes = [Take(frames, drifting(seed, 640, 360)) for seed in range(5)]
    write_video(path, takes, SampleFormat(width=640, height=360, sound="aac"))


@pytest.fixture(scope="session")
def server(
    new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory, short_film: Path
) -> Generator[Server]:
    """Server with the film in its bucket, for the tests that neither kill nor change it."""
    data_dir = tmp_path_factory.mktemp("shared") / "data"
    with running(Server(data_dir, new_ground(data_dir))) as started:
        started.put("film.mp4", short_film.read_bytes())
        yield started


@pytest.fixture
def desk(server: Server) -> Generator[Desk]:
    """A new workspace with its base project."""
    with open_desk(server) as opened:
        yield opened
