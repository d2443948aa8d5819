"""Start of a supervisor: its arguments, and its report to the user that starts it."""

from __future__ import annotations

import base64
import os
import select
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import Binaries
from scenedex.db.embedded.errors import (
    ClusterNotMade,
    EmbeddedPostgresError,
    PostgresDidNotStart,
    StartTimedOut,
    error_named,
    from_log,
)
from scenedex.db.embedded.folders import ControlFolder, ServerFolder, write_durably
from scenedex.db.embedded.identity import IdentityKind, ServerIdentity
from scenedex.db.embedded.locks import FileLock
from scenedex.db.embedded.log import Log
from scenedex.db.embedded.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.embedded.deadline import Deadline

READY = "ready"
_FIELD_SEPARATOR = "\t"
_MODULE = "scenedex.db.embedded.supervisor"
# Variables that the loader and the C library may need, and no secrets.
_PASSED_ENVIRONMENT = ("PATH", "HOME", "LD_LIBRARY_PATH", "NIX_LD", "NIX_LD_LIBRARY_PATH")
# Variables that Python may need besides.
_PYTHON_ENVIRONMENT = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LANG", "LC_ALL")
_MAX_REPORT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class SupervisorArguments:
    """Command-line arguments of a supervisor. The password follows on its standard input.

    Attributes:
        placement: placement of its server.
        users_lock: descriptor of the users' lock, not held.
        supervisor_lock: descriptor of the supervisor's lock, held exclusively.
        start_limit_s: limit for the creation of a cluster.
        is_password_new: whether an existing cluster cannot have the password yet.
    """

    placement: Placement
    users_lock: int
    supervisor_lock: int
    start_limit_s: float
    is_password_new: bool

    def encode(self) -> list[str]:
        """Return the command-line arguments."""
        place = self.placement
        return [
            str(place.server.path),
            str(place.binaries.prefix),
            place.identity.kind.value,
            str(place.identity.uid),
            str(place.identity.gid),
            str(self.users_lock),
            str(self.supervisor_lock),
            str(self.start_limit_s),
            str(int(self.is_password_new)),
        ]

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> SupervisorArguments:
        """Parse command-line arguments.

        Raises:
            ValueError: they have another form.
        """
        server, prefix, kind, uid, gid, users, supervisor, limit, is_new = arguments
        identity = ServerIdentity(IdentityKind(kind), int(uid), int(gid))
        placement = Placement(ServerFolder(Path(server)), Binaries(Path(prefix)), identity)
        return cls(placement, int(users), int(supervisor), float(limit), is_new == "1")


def format_failure(error: EmbeddedPostgresError) -> str:
    """Format an error as one line for the waiting process, without its log."""
    return _FIELD_SEPARATOR.join((type(error).__name__, " ".join(error.detail.split())))


def parse_failure(line: str) -> tuple[type[EmbeddedPostgresError], str]:
    """Return the class and the detail of an error formatted by `format_failure`."""
    name, _, detail = line.partition(_FIELD_SEPARATOR)
    return error_named(name), detail


def launch(control: ControlFolder, placement: Placement, supervisor_lock: FileLock, deadline: Deadline) -> None:
    """Start a supervisor and wait until its server accepts connections.

    After a failure the supervisor and the server end by themselves. The caller holds the start lock, and
    the lock of the supervisor, which takes it over. A server that recovers for longer than the deadline continues.

    Raises:
        EmbeddedPostgresError: the server did not start.
    """
    with ExitStack() as stack:
        log = Log.open(control.log)
        stack.callback(log.close)
        users_lock = FileLock.open(control.users_lock)
        stack.callback(users_lock.close)
        password, is_new = _password(control)
        arguments = SupervisorArguments(
            placement, users_lock.descriptor, supervisor_lock.descriptor, deadline.left, is_new
        )
        log_start = log.size()
        line = _read_report(arguments, password, log, deadline)
        if line == READY:
            return
        kind, detail = parse_failure(line)
        if kind in {PostgresDidNotStart, ClusterNotMade}:
            raise from_log(kind, detail, log.lines_since(log_start))
        raise kind(detail)


def passed_environment(*further: str) -> dict[str, str]:
    """Return the variables of this process that the server's processes get, and these further ones."""
    return {name: os.environ[name] for name in (*_PASSED_ENVIRONMENT, *further) if name in os.environ}


def _read_report(arguments: SupervisorArguments, password: str, log: Log, deadline: Deadline) -> str:
    with subprocess.Popen(
        [sys.executable, "-P", "-m", _MODULE, *arguments.encode()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log.descriptor,
        pass_fds=(arguments.users_lock, arguments.supervisor_lock),
        env=passed_environment(*_PYTHON_ENVIRONMENT),
        start_new_session=True,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(f"{password}\n".encode())
        descriptor, received = process.stdout.fileno(), b""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while not received.endswith(b"\n"):
            if not poll.poll(deadline.left * 1000):
                process.kill()
                raise StartTimedOut(f"{deadline.seconds:g} s")
            block = os.read(descriptor, _MAX_REPORT_BYTES)
            if not block:
                break
            received += block
    return received.decode().strip()


def _password(control: ControlFolder) -> tuple[str, bool]:
    """Return the password of the role, and whether it was just created."""
    with suppress(FileNotFoundError):
        password = control.password_file.read_text(encoding="ascii").strip()
        if password:
            return password, False
    password = base64.urlsafe_b64encode(os.urandom(24)).decode()
    write_durably(control.password_file, f"{password}\n")
    return password, True
