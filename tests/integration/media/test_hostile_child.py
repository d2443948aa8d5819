"""A taken-over decoder tries every way out, under root, an ordinary user and a confined one."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from process_tree import children_of, command_of
from scenedex.media.landlock import landlock_version
from scenedex.media.system_calls import ALLOWED, MACHINES, checked_calls

if TYPE_CHECKING:
    from collections.abc import Generator

_WORKER = Path(__file__).parent / "entries" / "hostile_worker.py"
_MIB = 1024**2
_HAS_WALLS = (
    sys.platform == "linux"
    and platform.machine() in MACHINES
    and landlock_version(ctypes.CDLL(None, use_errno=True)) >= 3
)
pytestmark = pytest.mark.skipif(not _HAS_WALLS, reason="this machine has no seccomp or no Landlock")
# uretprobe and uprobe of x86_64: the kernel lets no filter judge them, and kills whoever has no probe.
_PAST_ALL_FILTERS = {335, 336}
_USERS = ("same", "ordinary", "confined") if os.geteuid() == 0 else ("same",)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    (tmp_path / "media").write_bytes(b"not really media")
    (tmp_path / "victim").write_text("precious")
    return tmp_path


def run(user: str, place: Path, function: str, **params: Any) -> dict[str, Any]:
    command = [sys.executable, str(_WORKER), user, str(place), function, msgspec.json.encode(params).decode()]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout)


@pytest.mark.parametrize("user", _USERS)
def test_no_way_out_is_open(place: Path, user: str) -> None:
    found = run(user, place, "hostile_child:try_everything")

    assert found == {"result": {}, "error": "", "victim_lives": True}
    assert (place / "victim").read_text() == "precious"
    assert (place / "media").read_bytes() == b"not really media"


@pytest.mark.parametrize("user", _USERS)
def test_no_other_call_reaches_the_kernel(place: Path, user: str) -> None:
    machine = MACHINES.index(platform.machine())
    known = {*ALLOWED.values(), *(call.numbers for call in checked_calls(1).values())}
    others = sorted(set(range(512)) - {numbers[machine] for numbers in known} - _PAST_ALL_FILTERS)

    assert run(user, place, "hostile_child:call_everything", numbers=others)["result"] == []


@pytest.mark.parametrize("user", _USERS)
def test_memory_is_bounded_in_total(place: Path, user: str) -> None:
    assert run(user, place, "hostile_floods:fill_hidden_files", wanted=2048 * _MIB)["result"] == 0
    assert run(user, place, "hostile_floods:fill_memory", wanted=2048 * _MIB)["result"] < 512 * _MIB


@pytest.mark.parametrize("user", _USERS)
def test_threads_are_bounded_in_total(place: Path, user: str) -> None:
    found = run(user, place, "hostile_floods:start_threads", wanted=3000)
    if user == "confined":
        # The worker counts them, since the system does not.
        assert found["error"] == "ChildCrashed: The process started more than 64 threads and was stopped."
    else:
        assert found["result"] < 64


@pytest.mark.parametrize("user", _USERS)
@pytest.mark.parametrize(
    ("files", "bytes_each", "says"),
    [
        pytest.param(40, 16 * _MIB, "more than the 64 MiB", id="bytes"),
        pytest.param(5000, 0, "more than 1000 files", id="files"),
    ],
)
def test_what_is_written_is_bounded_in_total(place: Path, user: str, files: int, bytes_each: int, says: str) -> None:
    found = run(user, place, "hostile_floods:fill_the_disk", wanted=files, bytes_each=bytes_each)

    assert found["error"].startswith("ChildWroteTooMuch")
    assert says in found["error"]


@pytest.mark.parametrize("user", _USERS)
def test_no_bytes_on_disk_are_hidden(place: Path, user: str) -> None:
    assert run(user, place, "hostile_floods:fill_removed_files", wanted=5, bytes_each=_MIB)["result"] == 0


@pytest.mark.parametrize("user", _USERS)
@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.2, 0.4, None], ids=str)
def test_no_child_outlives_its_worker(place: Path, user: str, seconds: float | None) -> None:
    command = [sys.executable, str(_WORKER), user, str(place), "hostile_floods:outlive", "{}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as worker:
        patience = time.monotonic() + 60
        while not (inside := set(_below(worker.pid))) or (seconds is None and not (place / "work" / "tried").exists()):
            assert time.monotonic() < patience
            time.sleep(0.01)
        time.sleep(seconds or 0)
        inside |= set(_below(worker.pid))
        worker.kill()
    patience = time.monotonic() + 60
    while (left := [pid for pid in inside if _is_child_program(pid)]) and time.monotonic() < patience:
        time.sleep(0.02)
    for victim in inside - set(left):
        _end(victim)

    assert not left


def _below(pid: int) -> Generator[int]:
    """Yield the media child, and the process that waits for it."""
    for child in children_of(pid):
        yield child
        yield from _below(child)


def _is_child_program(pid: int) -> bool:
    return "scenedex.media.launch" in command_of(pid)


def _end(pid: int) -> None:
    """End the process that the child would have signalled, which outlives its worker as any program does."""
    if "sleep 600" in command_of(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
