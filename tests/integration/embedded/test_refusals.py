from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from scenedex.db.embedded.errors import ClusterDamaged, ClusterLost, FolderIsFile, MajorVersionWrong, StartTimedOut
from scenedex.db.embedded.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clusters import Folder


def test_a_file_in_the_place_of_the_folder_is_refused(empty_folder: Folder) -> None:
    empty_folder.path.write_bytes(b"")

    with pytest.raises(FolderIsFile, match="data"):
        empty_folder.open()


def test_another_major_version_is_refused_and_left_alone(folder: Folder) -> None:
    version = folder.server / "cluster" / "PG_VERSION"
    version.write_text("16\n", encoding="utf-8")

    with pytest.raises(MajorVersionWrong, match="version 16"):
        folder.open()

    assert folder.stops()
    assert version.read_text(encoding="utf-8") == "16\n"


def test_a_damaged_cluster_is_refused_with_what_the_server_said(folder: Folder) -> None:
    control = folder.server / "cluster" / "global" / "pg_control"
    control.write_bytes(bytes(control.stat().st_size))

    with pytest.raises(ClusterDamaged, match="restore a backup") as caught:
        folder.open()

    assert any("FATAL" in line for line in caught.value.log)
    assert folder.stops()


def test_a_missing_file_is_damage(folder: Folder) -> None:
    (folder.server / "cluster" / "PG_VERSION").unlink()

    with pytest.raises(ClusterDamaged, match="PG_VERSION is missing"):
        folder.open()


def test_a_cluster_that_is_not_where_it_was_put_is_not_made_again(folder: Folder) -> None:
    (folder.control / "location").write_text(f"{folder.path / 'elsewhere'}\n", encoding="utf-8")

    with pytest.raises(ClusterLost, match="elsewhere"):
        folder.open()


def test_a_lost_password_is_made_again(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    (folder.control / "password").unlink()

    assert notes(folder.open().conninfo) == ["kept"]


def test_an_extension_of_another_version_is_brought_up_to_date(folder: Folder) -> None:
    recorded = folder.server / "vector-version"
    version = recorded.read_text(encoding="utf-8")
    recorded.write_text("0.1.0", encoding="utf-8")

    database = folder.open()

    assert recorded.read_text(encoding="utf-8") == version
    with psycopg.connect(database.conninfo) as connection:
        row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    assert row == (version,)


def test_waiting_for_another_start_has_a_limit(folder: Folder) -> None:
    folder.control.mkdir(exist_ok=True)
    with closing(FileLock.open(folder.control / "start.lock")) as lock:
        assert lock.try_exclusive()

        with pytest.raises(StartTimedOut, match="another process is starting it"):
            folder.open(timeout_s=0.2)


def test_waiting_for_a_stop_has_a_limit(folder: Folder) -> None:
    with closing(FileLock.open(folder.control / "users.lock")) as lock:
        assert lock.try_exclusive()

        with pytest.raises(StartTimedOut, match="still stopping"):
            folder.open(timeout_s=0.2)


def test_a_start_that_takes_too_long_is_reported_and_ends(empty_folder: Folder) -> None:
    with pytest.raises(StartTimedOut):
        empty_folder.open(timeout_s=0.15)

    assert empty_folder.stops()
    assert empty_folder.open().conninfo


def fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@pytest.fixture
def mount() -> Iterator[Callable[..., None]]:
    """Mount a file system for the test, which requires root."""
    mounted: list[Path] = []

    def run(*arguments: str | Path) -> None:
        target = Path(arguments[-1])
        target.mkdir(exist_ok=True)
        program = shutil.which("mount")
        if sys.platform != "linux" or os.geteuid() != 0 or program is None:
            pytest.skip("only root mounts")
        if subprocess.run([program, *arguments], capture_output=True, check=False).returncode:
            pytest.skip("mounting is forbidden here")
        if target not in mounted:
            mounted.append(target)

    yield run
    for target in reversed(mounted):
        subprocess.run([shutil.which("umount") or "umount", "--lazy", target], check=True)


def test_a_full_disk_is_named_at_the_first_start(empty_folder: Folder, mount: Callable[..., None]) -> None:
    mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", empty_folder.path)
    user = empty_folder.user()

    assert user.answer().startswith("DiskFull The disk of the data folder is full")
    assert empty_folder.stops()


def test_a_full_disk_is_named_at_a_later_start(
    empty_folder: Folder, template: Path, mount: Callable[..., None]
) -> None:
    mount("-t", "tmpfs", "-o", "size=120m", "tmpfs", empty_folder.path)
    shutil.copytree(template, empty_folder.path, dirs_exist_ok=True)
    ballast = empty_folder.path / "ballast"
    fill(ballast)
    user = empty_folder.user()
    assert user.answer().startswith("DiskFull The disk of the data folder is full")

    ballast.unlink()

    assert empty_folder.open().conninfo


def test_a_read_only_folder_is_named(folder: Folder, mount: Callable[..., None]) -> None:
    mount("--bind", folder.path, folder.path)
    mount("-o", "remount,bind,ro", folder.path)
    user = folder.user()

    assert user.answer().startswith("FolderReadOnly The data folder cannot be written")
