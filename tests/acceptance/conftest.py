"""An embedded server with a film in a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from processes import Desk, Server, open_desk, running
from scenedex.media.samples import SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

# Dead workers are noticed sooner than usual, so that tests need not wait for it.
SOON = {"SCENEDEX_WORKERS_STALLED_AFTER_SECONDS": "5"}


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of several scenes."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    takes = [Take(60, drifting(seed, 640, 360)) for seed in range(5)]
    write_video(path, takes, SampleFormat(width=640, height=360, sound="aac"))
    return path


@pytest.fixture
def server(tmp_path: Path, film: Path) -> Generator[Server]:
    """An embedded server with the film in a bucket."""
    with running(Server(tmp_path / "data", SOON)) as started:
        started.put("film.mp4", film.read_bytes())
        yield started


@pytest.fixture
def desk(server: Server) -> Generator[Desk]:
    """A new workspace with its base project."""
    with open_desk(server) as opened:
        yield opened
