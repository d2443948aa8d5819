"""Process that owns the server: starts it, restarts it if it dies, stops it after its last user.

Started detached by a user that finds no supervisor: ``python -m scenedex.db.embedded.supervisor``.
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
from scenedex.db.embedded.binaries import Programs
from scenedex.db.embedded.cluster import prepare
from scenedex.db.embedded.deadline import Deadline
from scenedex.db.embedded.errors import EmbeddedPostgresError, FolderOutOfReach, PostgresDidNotStart
from scenedex.db.embedded.launcher import READY, SupervisorArguments, format_failure, passed_environment
from scenedex.db.embedded.locks import FileLock
from scenedex.db.embedded.log import Log
from scenedex.db.embedded.server import Phase, Server

if TYPE_CHECKING:
    from collections.abc import Callable

_STARTING_POLL_S = 0.01
_READY_POLL_S = 0.1
_RECOVERY_LIMIT_S = 900.0
_MAX_RESTARTS = 5
_RESTARTS_COUNTED_S = 60.0
_GRACE_AFTER_SIGTERM_S = 10.0

# Sockets need short paths, and this folder exists wherever PostgreSQL does.
_SHORT_FOLDER = Path("/tmp")  # noqa: S108  # folders in it are private and their owner is checked


class Supervisor:
    """Keeps one server, started or adopted, running until its last user has released the shared lock.

    ``report`` is called once with the line that the starting user waits for.
    """

    def __init__(self, server: Server, users: FileLock, log: Log, report: Callable[[str], bool]) -> None:
        self._server = server
        self._users = users
        self._log = log
        self._report = report
        self._must_end: Deadline | None = None
        self._restarts: deque[float] = deque(maxlen=_MAX_RESTARTS)

    def end_soon(self) -> None:
        """Stop the server when the users have left, or after a short time if they have not."""
        self._must_end = self._must_end or Deadline(_GRACE_AFTER_SIGTERM_S)

    def run(self) -> None:
        """Watch a started or adopted server. It is stopped when this returns or raises.

        Raises:
            EmbeddedPostgresError: it dies repeatedly.
        """
        try:
            self._watch()
        finally:
            self._server.stop()

    def _watch(self) -> None:
        is_reported, start = False, Deadline(_RECOVERY_LIMIT_S)
        while True:
            match self._server.phase():
                case Phase.STOPPED:
                    if not is_reported:
                        raise PostgresDidNotStart
                    if self._users.try_exclusive():
                        return
                    self._count_restart()
                    self._server.start(self._server.take_lock())
                    start = Deadline(_RECOVERY_LIMIT_S)
                case Phase.STARTING:
                    # Recovery continues after the user's timeout, so that the next user waits less.
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
        now = time.monotonic()
        if len(self._restarts) == _MAX_RESTARTS and now - self._restarts[0] < _RESTARTS_COUNTED_S:
            raise PostgresDidNotStart(f"it died {_MAX_RESTARTS} times within {_RESTARTS_COUNTED_S:g} s")
        self._restarts.append(now)


def main() -> None:
    """Run as a supervisor, detached from the starting process."""
    arguments = SupervisorArguments.parse(sys.argv[1:])
    password = sys.stdin.readline().strip()
    if os.fork():
        # Detach, since a long-lived parent may never reap this process.
        os._exit(0)
    os.chdir("/")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    report = _Report(sys.stdout.fileno())
    try:
        _supervise(arguments, password, report)
    except (EmbeddedPostgresError, OSError) as error:
        failure = errors.from_os(error) if isinstance(error, OSError) else error
        if not report(format_failure(failure)):
            print(f"scenedex supervisor: {failure}", file=sys.stderr)  # noqa: T201  # goes to the log


def _supervise(arguments: SupervisorArguments, password: str, report: Callable[[str], bool]) -> None:
    place = arguments.placement
    log = Log(sys.stderr.fileno())
    place.identity.assume()
    if not os.access(place.server.path, os.R_OK | os.W_OK | os.X_OK):
        raise FolderOutOfReach(str(place.server.path))
    if not os.access(place.binaries.postgres, os.R_OK | os.X_OK):
        raise FolderOutOfReach(str(place.binaries.postgres))
    programs = Programs(place.binaries, passed_environment() | {"LC_ALL": "C"}, log)
    server = Server(place.server, programs, _SHORT_FOLDER)
    if not server.adopt():
        lock, deadline = server.take_lock(), Deadline(arguments.start_limit_s)
        prepare(place.server, programs, lock, password, deadline, is_password_new=arguments.is_password_new)
        server.start(lock)
    supervisor = Supervisor(server, FileLock(arguments.users_lock), log, report)
    signal.signal(signal.SIGTERM, lambda _number, _frame: supervisor.end_soon())
    supervisor.run()


class _Report:
    """Pipe to the starting user, which waits for one line."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def __call__(self, line: str) -> bool:
        """Send the line. Return `False` if no process waits for it."""
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
