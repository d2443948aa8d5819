"""Server process: start or adoption, state and stop."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import stat
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING

from scenedex.db.embedded.configuration import server_options
from scenedex.db.embedded.deadline import Deadline
from scenedex.db.embedded.errors import FolderOutOfReach, PostgresStillRunning
from scenedex.db.embedded.locks import FileLock, is_locked
from scenedex.db.embedded.postmaster import (
    PostmasterFile,
    has_exited,
    kill_leftovers,
    listener,
    ready_socket_folder,
    socket_path,
)

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from scenedex.db.embedded.binaries import Programs
    from scenedex.db.embedded.folders import ServerFolder

_POLL_S = 0.01
_ORPHAN_LIMIT_S = 5.0
_LEFTOVERS_LIMIT_S = 20.0
_LEFTOVERS_GRACE_S = 2.0
_FAST_STOP_S = 60.0
_IMMEDIATE_STOP_S = 10.0


class Phase(Enum):
    """State of the server."""

    STARTING = auto()
    READY = auto()
    STOPPED = auto()


class Server:
    """The server of one cluster, owned by its supervisor.

    Args:
        short_folder: parent of the socket folder if the server's own folder cannot hold a socket.
    """

    def __init__(self, folder: ServerFolder, programs: Programs, short_folder: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._short_folder = short_folder
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._was_ready = False

    def adopt(self) -> bool:
        """Take over a running server without a supervisor. Return `False` if no process of one is left.

        Raises:
            PostgresStillRunning: a server can be neither controlled nor ended.
        """
        answering, stopping = Deadline(_ORPHAN_LIMIT_S), Deadline(_FAST_STOP_S)
        while is_locked(self._folder.lock):
            found = PostmasterFile.read(self._folder)
            is_stopping = found is not None and found.is_stopping
            if found and not is_stopping and (pid := listener(found.socket_folder)):
                self._pid = pid
                return True
            if not (stopping if is_stopping else answering).pause(_POLL_S):
                self._end_leftovers()
        return False

    def take_lock(self) -> FileLock:
        """Acquire the server's lock exclusively. Every program that gets it counts as part of the server.

        Raises:
            PostgresStillRunning: processes of an earlier server do not end.
        """
        lock = FileLock.open(self._folder.lock)
        try:
            while not lock.try_exclusive():
                self._end_leftovers()
            # The lock proves that this file is stale. Its process id may belong to another program.
            self._folder.postmaster_file.unlink(missing_ok=True)
        except BaseException:
            lock.close()
            raise
        return lock

    def start(self, lock: FileLock) -> None:
        """Start the server on a complete cluster, without waiting until it is ready. It takes over the lock.

        Raises:
            PostgresMissing: the program is not installed.
        """
        socket_folder = self._make_socket_folder()
        options = server_options(socket_folder, self._folder.cluster_name)
        command = [str(self._programs.binaries.postgres), "-D", str(self._folder.cluster), *options]
        self._was_ready = False
        self._process = self._programs.start(command, lock)
        self._pid = self._process.pid
        lock.close()

    def phase(self) -> Phase:
        """Return the present state of the server."""
        if self._has_exited():
            return Phase.STOPPED
        self._was_ready = self._was_ready or ready_socket_folder(self._folder) is not None
        return Phase.READY if self._was_ready else Phase.STARTING

    def stop(self) -> None:
        """End the server and all its processes, by force if necessary."""
        for number, limit in ((signal.SIGINT, _FAST_STOP_S), (signal.SIGQUIT, _IMMEDIATE_STOP_S)):
            self._signal(number)
            if self._wait(Deadline(limit)):
                break
        else:
            self._signal(signal.SIGKILL)
        with suppress(PostgresStillRunning):
            self._end_leftovers()
        with suppress(OSError):
            self._short_socket_folder().rmdir()

    def _signal(self, number: signal.Signals) -> None:
        if not self._has_exited():
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)

    def _wait(self, deadline: Deadline) -> bool:
        while not self._has_exited():
            if not deadline.pause(_POLL_S):
                return False
        return True

    def _has_exited(self) -> bool:
        return self._process.poll() is not None if self._process else has_exited(self._pid)

    def _end_leftovers(self) -> None:
        """Wait until the processes of a dead postmaster end, and kill them if they do not."""
        grace = Deadline(_LEFTOVERS_GRACE_S)
        deadline = Deadline(_LEFTOVERS_LIMIT_S)
        while is_locked(self._folder.lock):
            if not grace.pause(_POLL_S):
                kill_leftovers(self._folder.cluster_name)
            if not deadline.left:
                raise PostgresStillRunning(str(self._folder.cluster))

    def _make_socket_folder(self) -> Path:
        folder = self._folder.socket
        folder.mkdir(mode=0o700, exist_ok=True)
        # libpq splits hosts at a comma in a path, even inside quotes.
        if "," not in str(folder) and _holds_socket(folder):
            return folder
        folder = self._short_socket_folder()
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        # In a world-writable folder, another user may have created it first.
        status = folder.lstat()
        is_private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == stat.S_IRWXU
        if status.st_uid != os.geteuid() or not is_private:
            raise FolderOutOfReach(f"{folder}, needed for the socket, belongs to another user")
        _remove_socket(folder)
        return folder

    def _short_socket_folder(self) -> Path:
        name = hashlib.sha256(self._folder.cluster_name.encode()).hexdigest()[:16]
        return self._short_folder / f"scenedex-{name}"


def _holds_socket(folder: Path) -> bool:
    """Return whether a socket can be created in a folder, given its path and file system."""
    _remove_socket(folder)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            trial.bind(os.fsencode(socket_path(folder)))
        except OSError:
            return False
    _remove_socket(folder)
    return True


def _remove_socket(folder: Path) -> None:
    path = socket_path(folder)
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
