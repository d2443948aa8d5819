"""Servers and files that all worker processes of a test run share: the first that needs one makes it.

A guardian process kills a server and removes its folder when no process of the run uses it, even after a crash:
each user holds a lock on a file, which the system releases with its process, and the guardian waits for that lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import pytest

# Kept, since a process object that is discarded while its process runs raises a warning.
_GUARDIANS: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Ending:
    """The way in which a server is ended.

    Attributes:
        pid_files: pattern of the files in its folder whose first line is the id of a process.
        signal: signal for these processes.
    """

    pid_files: str
    signal: signal.Signals = signal.SIGKILL


@contextmanager
def shared(
    name: str, temporary: pytest.TempPathFactory, start: Callable[[Path], str], ending: Ending
) -> Generator[str]:
    """Yield the notes that ``start`` returned for the server that it started in a folder of its own."""
    place = _place(temporary)
    users, notes = place / f"{name}.users", place / f"{name}.notes"
    with users.open("w") as lock:
        with _locked(place / f"{name}.lock"):
            fcntl.flock(lock, fcntl.LOCK_SH)
            if not notes.exists():
                # Sockets in the server's folder limit the length of its path.
                folder = Path(tempfile.mkdtemp(prefix=f"scenedex-{name}-", dir=_memory()))
                folder.chmod(0o711)  # for an account that PostgreSQL may run as
                command = [__file__, users, notes, folder, ending.pid_files, str(ending.signal.value)]
                guardian = subprocess.Popen(
                    [sys.executable, "-I", *command],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                _GUARDIANS.append(guardian)
                text = start(folder)
                notes.with_suffix(".draft").write_text(text)
                notes.with_suffix(".draft").rename(notes)
        yield notes.read_text()


def made_once(name: str, temporary: pytest.TempPathFactory, make: Callable[[Path], object]) -> Path:
    """Return the path of a file that one worker process of the run makes for all."""
    place = _place(temporary)
    path = place / name
    with _locked(place / f"{name}.lock"):
        if not path.exists():
            draft = path.with_stem(f"{path.stem}-draft")
            make(draft)
            draft.rename(path)
    return path


def guard(users: Path, notes: Path, folder: Path, ending: Ending) -> None:
    """Wait until a server has no users, then end it."""
    with users.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        notes.unlink(missing_ok=True)
        pids = [int(file.read_text().split()[0]) for file in folder.glob(ending.pid_files)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, ending.signal)
        shutil.rmtree(folder, ignore_errors=True)


def _place(temporary: pytest.TempPathFactory) -> Path:
    """Return the folder that the worker processes of a run have in common."""
    base = temporary.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _memory() -> Path | None:
    """Return a folder in memory if there is room: nothing here is about the speed of a disk."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder in it is private
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3 else None


@contextmanager
def _locked(file: Path) -> Generator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    _users, _notes, _folder = map(Path, sys.argv[1:4])
    guard(_users, _notes, _folder, Ending(sys.argv[4], signal.Signals(int(sys.argv[5]))))
