"""Limits of a child that a crafted file has taken over."""

from __future__ import annotations

import asyncio
import ctypes
import os
import platform
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from scenedex.media.inspection import inspect_isolation
from scenedex.media.landlock import landlock_version
from scenedex.media.wall_names import WallName
from scenedex.media.walls import WALLS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.media.conftest import Children

    from scenedex.media.limits import ChildLimits

_HAS_SECCOMP = sys.platform == "linux" and platform.machine() == "x86_64"
_HAS_LANDLOCK = sys.platform == "linux" and landlock_version(ctypes.CDLL(None, use_errno=True)) >= 3
needs_seccomp = pytest.mark.skipif(not _HAS_SECCOMP, reason="the numbers of these system calls are those of x86_64")
needs_landlock = pytest.mark.skipif(not _HAS_LANDLOCK, reason="this kernel has no Landlock")


class Attempt(msgspec.Struct, frozen=True):
    what: str
    where: str = ""


@needs_seccomp
@pytest.mark.parametrize(
    "what",
    [
        "connect",
        "unix socket",
        "fork",
        "execute",
        "signal the parent",
        "signal a thread of the parent",
        "limits of the parent",
        "trace the parent",
        "shared memory",
        "another interface of the kernel",
        "permit",
        "change times",
        "watch",
    ],
)
def test_the_system_refuses(children: Children, tmp_path: Path, what: str) -> None:
    where = str(os.getpid()) if "parent" in what else str(tmp_path)
    assert children.run("attempt", str, Attempt(what, where)) == "PermissionError"


@needs_landlock
@pytest.mark.parametrize("what", ["read", "write", "truncate", "remove"])
def test_files_of_others_are_out_of_reach(children: Children, tmp_path: Path, what: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    assert children.run("attempt", str, Attempt(what, str(victim))) == "PermissionError"
    assert victim.read_text() == "precious"


@needs_landlock
@pytest.mark.parametrize(
    ("what", "where"),
    [
        pytest.param("read", "/etc/passwd", id="users"),
        pytest.param("read", "/proc/self/root/etc/passwd", id="users by a detour"),
        pytest.param("list", "/", id="root folder"),
        pytest.param("write", "/dev/shm/mine", id="shared memory"),  # noqa: S108  # nothing is written there
        pytest.param("read memory of the parent", "", id="environment of the parent"),
    ],
)
def test_the_system_is_out_of_reach(children: Children, what: str, where: str) -> None:
    assert children.run("attempt", str, Attempt(what, where or str(os.getpid()))) == "PermissionError"


def test_only_the_work_folder_can_be_written(children: Children, tmp_path: Path) -> None:
    work_dir = tmp_path / "work"
    work_dir.mkdir()
    assert children.run("write_in_work_dir", str, Attempt("1000"), work_dir=work_dir) == "done"
    assert (work_dir / "made").stat().st_size == 1000


def test_a_work_folder_behind_a_link_can_be_written(children: Children, tmp_path: Path) -> None:
    private = tmp_path / "private"
    (private / "work").mkdir(parents=True)
    private.chmod(0o700)
    (tmp_path / "link").symlink_to(private)
    made = children.run("write_in_work_dir", str, Attempt("1000"), work_dir=tmp_path / "link" / "work")
    assert made == "done"
    assert (private / "work" / "made").stat().st_uid == os.geteuid()


def test_weights_that_only_the_worker_may_read_are_read(children: Children, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir(mode=0o700)
    network = weights / "network.onnx"
    network.write_bytes(b"numbers")
    network.chmod(0o600)
    work_dir = tmp_path / "work"
    work_dir.mkdir()

    assert children.run("attempt", str, Attempt("read", str(network)), work_dir=work_dir, readable=[weights]) == "done"
    made = children.run("write_in_work_dir", str, Attempt("1000"), work_dir=work_dir, readable=[weights])
    assert made == "done"


def test_a_file_cannot_grow_over_its_limit(children: Children, tmp_path: Path) -> None:
    work_dir = tmp_path / "work"
    work_dir.mkdir()
    made = children.limited(file_size_bytes=1000).run("write_in_work_dir", str, Attempt("1001"), work_dir=work_dir)
    assert made == "OSError"


@needs_landlock
def test_no_folder_can_be_made(children: Children, tmp_path: Path) -> None:
    made = children.run("attempt", str, Attempt("make a folder", str(tmp_path / "sub")), work_dir=tmp_path)
    assert made == "PermissionError"


def test_the_environment_holds_no_secrets(children: Children) -> None:
    names = children.run("list_the_environment", list[str])
    assert set(names) <= {
        "LANG",
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OMP_WAIT_POLICY",
        "MALLOC_ARENA_MAX",
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
    }


def test_threads_are_allowed(children: Children) -> None:
    assert children.run("start_a_thread", str) == "from a thread"


def test_the_walls_are_those_that_a_child_finds(limits: ChildLimits) -> None:
    found = asyncio.run(inspect_isolation(limits))

    names = {wall.name for wall in found.standing}
    assert {*found.standing, *found.missing} == set(WALLS)
    assert {WallName.LIMITS, WallName.DEATH, WallName.TOTALS} <= names or sys.platform != "linux"
    assert (WallName.CALLS in names) == _HAS_SECCOMP
    assert not _HAS_LANDLOCK or WallName.FILES in names
    assert (found.problem is None) == (not found.missing_required)


def test_a_machine_that_starts_no_child_has_no_walls(limits: ChildLimits) -> None:
    found = asyncio.run(inspect_isolation(replace(limits, wall_seconds=0)))

    assert not found.standing
    assert found.problem is not None
    assert found.problem.startswith("No process for media can be started")
