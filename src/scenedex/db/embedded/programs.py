"""Execution of PostgreSQL's programs."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.db.embedded.errors import PostgresDidNotStart, PostgresMissing, StartTimedOut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.embedded.binaries import Binaries
    from scenedex.db.embedded.deadline import Deadline
    from scenedex.db.embedded.locks import FileLock
    from scenedex.db.embedded.log import Log


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs PostgreSQL's programs with the server's lock, so that a surviving one is noticed."""

    binaries: Binaries
    environment: Mapping[str, str]
    log: Log

    def run(self, command: Sequence[str], statements: str, lock: FileLock, deadline: Deadline) -> None:
        """Run a program to its end, with SQL statements on its standard input.

        Raises:
            PostgresMissing: the program is not installed.
            PostgresDidNotStart: it failed.
            StartTimedOut: it took too long.
        """
        try:
            subprocess.run(
                command,
                input=statements.encode(),
                stdout=subprocess.DEVNULL,
                stderr=self.log.descriptor,
                env=self.environment,
                pass_fds=(lock.descriptor,),
                timeout=deadline.left,
                check=True,
            )
        except FileNotFoundError as error:
            raise PostgresMissing(command[0]) from error
        except subprocess.CalledProcessError as error:
            raise PostgresDidNotStart(f"{command[0]} ended with status {error.returncode}") from error
        except subprocess.TimeoutExpired as error:
            raise StartTimedOut(f"{command[0]} after {deadline.seconds:g} s") from error

    def start(self, command: Sequence[str], lock: FileLock) -> subprocess.Popen[bytes]:
        """Start a long-running program.

        Raises:
            PostgresMissing: the program is not installed.
        """
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self.log.descriptor,
                stderr=self.log.descriptor,
                env=self.environment,
                pass_fds=(lock.descriptor,),
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise PostgresMissing(command[0]) from error
