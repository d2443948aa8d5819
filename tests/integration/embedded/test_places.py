from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scenedex.db.embedded import open_embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from clusters import Folder


@pytest.mark.parametrize("name", ["with space", 'it\'s "quoted", a\\b', "데이터 フォルダ"])
def test_any_name_of_a_folder_will_do(
    public_folder: Folder, template: Path, name: str, notes: Callable[[str], list[str]]
) -> None:
    path = public_folder.path.with_name(name)
    shutil.copytree(template, path)

    with open_embedded(path) as database:
        assert notes(database.conninfo) == ["kept"]


def test_a_long_path_gets_a_short_private_socket_folder(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    long_path = folder.path.with_name("x" * 120)
    moved = type(folder)(folder.path.rename(long_path))
    try:
        database = moved.open()
        socket_folder = Path(database.conninfo.split("'")[1])

        assert notes(database.conninfo) == ["kept"]
        assert len(str(socket_folder)) < 60
        assert socket_folder.stat().st_mode & 0o777 == 0o700
        moved.kill(moved.supervisor(), moved.postmaster())
        database.ensure_running()
        assert notes(database.conninfo) == ["kept"]
        database.close()
        assert not socket_folder.exists()
    finally:
        moved.dispose()


def test_a_relative_path_and_a_link_mean_the_same_folder(
    folder: Folder, notes: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = folder.path.with_name("link")
    link.symlink_to(folder.path)
    monkeypatch.chdir(folder.path.parent)
    first = folder.open()

    with open_embedded(Path("link")) as linked:
        assert linked.conninfo == first.conninfo
        assert notes(linked.conninfo) == ["kept"]


def test_the_log_stays_small(folder: Folder) -> None:
    log = folder.control / "postgres.log"
    log.write_bytes(b"old line\n" * 1_000_000)
    log.chmod(0o600)

    folder.open().close()

    assert log.stat().st_size < 2 * 1024**2
    assert "database system is shut down" in log.read_text(encoding="utf-8")
