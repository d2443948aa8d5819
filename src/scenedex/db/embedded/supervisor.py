"""The process that owns the server: starts it, restarts it if it dies, stops it when the last user has left.

Started detached by the user who finds no supervisor: ``python -m scenedex.db.embedded.supervisor``.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded import errors
from scenedex.db.embedded.cluster import prepare
from scenedex.db.embedded.deadline import Deadline
from scenedex.db.embedded.errors import EmbeddedPostgresError, FolderOutOfReach, PostgresDidNotStart
from scenedex.db.embedded.locks import FileLock
from scenedex.db.embedded.log import Log
from scenedex.db.embedded.order import READY, Order, failure_line
from scenedex.db.embedded.programs import Programs
from scenedex.db.embedded.server import Phase, Server

if TYPE_CHECKING:
    from collections.abc import Callable

_STARTING_POLL_S = 0.01
_READY_POLL_S = 0.1
_RECOVERY_LIMIT_S = 900.0
_MOST_RESTARTS = 5
_RESTARTS_COUNTED_S = 60.0
_GRACE_AFTER_SIGTERM_S = 10.0

# What the loader and the C library may need to start a program; no secret of ours is passed on.
_PASSED_ENVIRONMENT = ("PATH", "HOME", "LD_LIBRARY_PATH", "NIX_LD", "NIX_LD_LIBRARY_PATH")

# Sockets need short paths, and this folder exists wherever PostgreSQL does.
_SHORT_FOLDER = Path("/tmp")  # noqa: S108  # what we make in it is private and its owner is checked


class Supervisor:
    """Looks after one server until nobody uses it.

    Args:
        server: neither started nor adopted yet.
        users: the lock that users share; not held.
        log: trimmed from time to time.
        report: called once with the line that the starting user waits for.
    """

    def __init__(self, server: Server, users: FileLock, log: Log, report: Callable[[str], bool]) -> None:
        self._server = server
        self._users = users
        self._log = log
        self._report = report
        self._must_end: Deadline | None = None
        self._restarts: deque[float] = deque(maxlen=_MOST_RESTARTS)

    def end_soon(self) -> None:
        """Stop the server when the users have left, or a little later if they do not."""
        self._must_end = self._must_end or Deadline(_GRACE_AFTER_SIGTERM_S)

    def run(self) -> None:
        """Watch a server that was started or adopted; it is stopped when this returns or raises.

        Raises:
            EmbeddedPostgresError: it does not stay up.
            OSError: one of its files could not be written.
        """
        try:
            self._watch()
        finally:
            self._server.stop()

    def _watch(self) -> None:
        is_reported, start = False, Deadline(_RECOVERY_LIMIT_S)
        while True:
            match self._server.phase():
                case Phase.GONE:
                    if not is_reported:
                        raise PostgresDidNotStart
                    if self._users.try_exclusive():
                        return
                    self._count_restart()
                    self._server.start(self._server.take_lock())
                    start = Deadline(_RECOVERY_LIMIT_S)
                case Phase.STARTING:
                    # Recovery goes on even if its user has lost patience: the next one finds it advanced.
                    if not start.pause(_STARTING_POLL_S):
                        return
                case Phase.READY:
                    if not is_reported:
                        self._report(READY)
                        is_reported = True
                    self._log.trim()
                    if self._users.try_exclusive() or (self._must_end and not self._must_end.left):
                        return
                    time.sleep(_READY_POLL_S)

    def _count_restart(self) -> None:
        moment = time.monotonic()
        if len(self._restarts) == _MOST_RESTARTS and moment - self._restarts[0] < _RESTARTS_COUNTED_S:
            raise PostgresDidNotStart(f"it died {_MOST_RESTARTS} times within {_RESTARTS_COUNTED_S:g} s")
        self._restarts.append(moment)


def main() -> None:
    """Run as a supervisor, detached from the process that started us."""
    order = Order.parse(sys.argv[1:])
    password = sys.stdin.readline().strip()
    if os.fork():
        # Whoever started us may live for long and never ask how we ended.
        os._exit(0)
    os.chdir("/")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    report = _Report(sys.stdout.fileno())
    try:
        _supervise(order, password, report)
    except (EmbeddedPostgresError, OSError) as error:
        failure = errors.from_os(error) if isinstance(error, OSError) else error
        if not report(failure_line(failure)):
            print(f"scenedex supervisor: {failure}", file=sys.stderr)  # noqa: T201  # goes to the log


def _supervise(order: Order, password: str, report: Callable[[str], bool]) -> None:
    place = order.placement
    log = Log(sys.stderr.fileno())
    place.identity.assume()
    if not os.access(place.server.path, os.R_OK | os.W_OK | os.X_OK):
        raise FolderOutOfReach(str(place.server.path))
    if not os.access(place.binaries.postgres, os.R_OK | os.X_OK):
        raise FolderOutOfReach(str(place.binaries.postgres))
    environment = {name: os.environ[name] for name in _PASSED_ENVIRONMENT if name in os.environ}
    programs = Programs(place.binaries, environment | {"LC_ALL": "C"}, log)
    server = Server(place.server, programs, _SHORT_FOLDER)
    if not server.adopt():
        lock, deadline = server.take_lock(), Deadline(order.start_limit_s)
        prepare(place.server, programs, lock, password, deadline, is_password_new=order.is_password_new)
        server.start(lock)
    supervisor = Supervisor(server, FileLock(order.users_lock), log, report)
    signal.signal(signal.SIGTERM, lambda _number, _frame: supervisor.end_soon())
    supervisor.run()


class _Report:
    """The pipe to the starting user, who waits for one line."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def __call__(self, line: str) -> bool:
        """Say it; False if nobody waits, or waits any more."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return False
        try:
            os.write(descriptor, f"{line}\n".encode())
        except BrokenPipeError:
            return False
        finally:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, descriptor)
            os.close(nothing)
        return True


if __name__ == "__main__":
    main()
