from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from clusters import Folder, workplace
from scenedex.db.embedded import open_embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """Data folder with a cluster and a table of one row, without a running server."""
    with workplace() as parent:
        path = Path(parent) / "data"
        with open_embedded(path) as database, psycopg.connect(database.conninfo) as connection:
            connection.execute("CREATE TABLE note (text text)")
            connection.execute("INSERT INTO note VALUES ('kept')")
        yield path


@pytest.fixture
def empty_folder() -> Iterator[Folder]:
    """Path of a folder to create, in a parent that is accessible to our account only."""
    with workplace() as parent:
        folder = Folder(Path(parent) / "data")
        yield folder
        folder.dispose()


@pytest.fixture
def folder(template: Path, empty_folder: Folder) -> Folder:
    """A copy of the template."""
    shutil.copytree(template, empty_folder.path)
    return empty_folder


@pytest.fixture
def public_folder() -> Iterator[Folder]:
    """Path of a folder to create, in a parent that is accessible to every account."""
    with workplace() as parent:
        Path(parent).chmod(0o755)
        folder = Folder(Path(parent) / "data")
        yield folder
        folder.dispose()


@pytest.fixture
def notes() -> Callable[[str], list[str]]:
    """Reader of the rows of the template's table."""

    def read(conninfo: str) -> list[str]:
        with psycopg.connect(conninfo) as connection:
            return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY text").fetchall()]

    return read
