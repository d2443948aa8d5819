"""Control groups of media children, in a part of the tree that is delegated as systemd does it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

_WORKER = Path(__file__).parent / "entries" / "hostile_worker.py"


def root_of_the_tree() -> Path | None:
    mounts = Path("/proc/self/mounts")
    lines = mounts.read_text().splitlines() if mounts.exists() else []
    return next((Path(line.split(" ")[1]) for line in lines if line.split(" ")[2] == "cgroup2"), None)


@pytest.fixture
def delegated() -> Generator[Path]:
    root = root_of_the_tree()
    if root is None or os.geteuid() != 0:
        pytest.skip("needs root and the tree of cgroup 2")
    folder = root / f"scenedex-test-{os.getpid()}"
    try:
        (folder / "main").mkdir(parents=True)
        os.setxattr(folder, "user.delegate", b"1")
    except OSError:
        pytest.skip("the tree of cgroup 2 cannot be changed here")
    yield folder
    for group in (*folder.iterdir(), folder):
        with suppress(OSError):
            group.rmdir()


def test_a_child_is_bounded_by_a_group_of_its_own(delegated: Path, tmp_path: Path) -> None:
    if "memory" not in (delegated / "cgroup.controllers").read_text().split():
        pytest.skip("cgroup 2 has no controller of memory here")
    (tmp_path / "work").mkdir()
    (tmp_path / "media").write_bytes(b"not really media")

    def enter() -> None:
        (delegated / "main" / "cgroup.procs").write_text("0")

    command = [sys.executable, str(_WORKER), "same", str(tmp_path), "hostile_floods:read_group", "{}"]
    done = subprocess.run(command, check=True, capture_output=True, preexec_fn=enter)  # one thread

    assert b"/media-" in done.stdout
    assert not list(delegated.glob("media-*"))
