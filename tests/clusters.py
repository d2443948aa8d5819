"""Folders with an embedded PostgreSQL, and the processes that use them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenedex.db.embedded import EmbeddedPostgres, open_embedded
from scenedex.db.embedded.locks import is_locked
from scenedex.db.embedded.placement import RootPolicy
from scenedex.db.embedded.postmaster import has_exited

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_USER_PROCESS = Path(__file__).parent / "integration" / "embedded" / "user_process.py"


def eventually(is_so: Callable[[], object], limit_s: float = 20.0) -> bool:
    end = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class User:
    """Another process that uses the database of a folder."""

    def __init__(self, command: Sequence[str], **options: Any) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def say(self, command: str) -> str:
        assert self.process.stdin
        print(command, file=self.process.stdin, flush=True)
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        with self.process:
            pass

    def leave(self) -> None:
        """Exit without closing the database."""
        with self.process:
            pass


class Folder:
    """A data folder and the processes that use it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.control = path / "postgres"
        self.server = self.control / "server"
        self._users: list[User] = []
        self._opened: list[EmbeddedPostgres] = []

    def open(self, *, policy: RootPolicy | None = None, timeout_s: float = 60.0) -> EmbeddedPostgres:
        database = open_embedded(self.path, timeout_s=timeout_s, root_policy=policy or RootPolicy())
        self._opened.append(database)
        return database

    def user(
        self,
        policy: RootPolicy | None = None,
        *,
        python: Sequence[str] = (sys.executable,),
        account: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> User:
        policy = policy or RootPolicy()
        namespaces = "yes" if policy.use_namespace else "no"
        command = [*python, str(_USER_PROCESS), str(self.path), namespaces, str(policy.fallback_folder)]
        options: dict[str, Any] = {} if account is None else {"user": account, "group": account, "extra_groups": []}
        user = User(command, env=environment, **options)
        self._users.append(user)
        return user

    def postmaster(self) -> int | None:
        """Return the process id of the running server, or `None` if no server runs."""
        with suppress(FileNotFoundError):
            lines = (self.server / "cluster" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            if lines and not has_exited(int(lines[0])):
                return int(lines[0])
        return None

    def supervisor(self) -> int | None:
        needle = f"scenedex.db.embedded.supervisor\0{self.server.resolve()}\0".encode()
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if needle in entry.read_bytes() and not has_exited(int(entry.parent.name)):
                    return int(entry.parent.name)
        return None

    def kill(self, *pids: int | None) -> None:
        for pid in pids:
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: all(has_exited(pid) for pid in pids if pid))

    def is_stopped(self) -> bool:
        return not is_locked(self.control / "supervisor.lock") and not is_locked(self.server / "server.lock")

    def stops(self) -> bool:
        return eventually(self.is_stopped)

    def dispose(self) -> None:
        for user in self._users:
            user.kill()
        for database in self._opened:
            database.close()
        if self.server.is_dir() and not eventually(self.is_stopped, 5):
            open_embedded(self.path).close()


def workplace() -> tempfile.TemporaryDirectory[str]:
    """Return a folder in memory if there is room, since the tests are not about the speed of a disk."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder is private
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    return tempfile.TemporaryDirectory(dir=memory if has_room else None)
