"""Servers that all worker processes of a test run share: the first that needs one starts it, the last stops it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    import pytest


@contextmanager
def shared(
    name: str, temporary: pytest.TempPathFactory, start: Callable[[Path], str], stop: Callable[[Path], None]
) -> Generator[str]:
    """What ``start`` said of the server that it started in a folder of its own, which ``stop`` is given as well."""
    base = temporary.getbasetemp()
    shared_folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    users, notes = shared_folder / f"{name}.users", shared_folder / f"{name}.notes"
    with _locked(shared_folder, name):
        count = int(users.read_text()) if users.exists() else 0
        if count == 0:
            # Sockets in the server's folder limit the length of its path.
            folder = Path(tempfile.mkdtemp(prefix=f"scenedex-{name}-", dir=_memory()))
            notes.write_text(f"{folder}\n{start(folder)}")
        users.write_text(str(count + 1))
    place, _, said = notes.read_text().partition("\n")
    try:
        yield said
    finally:
        with _locked(shared_folder, name):
            count = int(users.read_text()) - 1
            users.write_text(str(count))
            if count == 0:
                stop(Path(place))
                shutil.rmtree(place, ignore_errors=True)


def free_port(companions: Sequence[int] = ()) -> int | None:
    """A port of loopback that is free, and those at these distances from it as well."""
    for port in range(20000 + os.getpid() % 8000, 36000):
        taken: list[socket.socket] = []
        try:
            for number in (port, *(port + distance for distance in companions)):
                listener = socket.socket()
                taken.append(listener)
                listener.bind(("127.0.0.1", number))
        except OSError:
            continue
        finally:
            for listener in taken:
                listener.close()
        return port
    return None


def _memory() -> Path | None:
    """A folder in memory if there is room: nothing here is about the speed of a disk."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder in it is private
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3 else None


@contextmanager
def _locked(folder: Path, name: str) -> Generator[None]:
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
