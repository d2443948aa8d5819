"""Creation and update of a cluster."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import MAJOR_VERSION
from scenedex.db.embedded.configuration import DATABASE, HOST_BASED_ACCESS, INITDB_OPTIONS, ROLE, SINGLE_USER_OPTIONS
from scenedex.db.embedded.errors import ClusterDamaged, ClusterNotMade, MajorVersionWrong, PostgresDidNotStart
from scenedex.db.embedded.folders import ServerFolder, sync_folder, write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.db.embedded.binaries import Programs
    from scenedex.db.embedded.deadline import Deadline
    from scenedex.db.embedded.locks import FileLock


def prepare(
    server: ServerFolder,
    programs: Programs,
    lock: FileLock,
    password: str,
    deadline: Deadline,
    *,
    is_password_new: bool,
) -> None:
    """Create the cluster atomically, or check the version of an existing one and update it.

    The lock of the server is held exclusively. The password consists of letters, digits, ``-`` and ``_``. An existing
    cluster gets it if ``is_password_new``.

    Raises:
        MajorVersionWrong: the cluster needs another PostgreSQL.
        ClusterDamaged: the cluster has no version.
        ClusterNotMade: the cluster does not exist and cannot be created.
        EmbeddedPostgresError: one of PostgreSQL's programs failed.
    """
    vector_version = programs.binaries.vector_version()
    if not server.cluster.exists():
        try:
            _create(server, programs, lock, password, deadline)
        except PostgresDidNotStart as error:
            raise ClusterNotMade(error.detail) from error
        write_durably(server.vector_version_file, vector_version)
        return
    _check_version(server.cluster)

    def in_single_user_mode(database: str, statement: str) -> None:
        programs.run(_single_user_command(programs, server.cluster, database), statement, lock, deadline)

    if is_password_new:
        in_single_user_mode(DATABASE, f"ALTER ROLE {ROLE} PASSWORD '{password}';\n")
    if _read(server.vector_version_file) != vector_version:
        for database in ("template1", DATABASE):
            in_single_user_mode(database, "ALTER EXTENSION vector UPDATE;\n")
        write_durably(server.vector_version_file, vector_version)


def _create(server: ServerFolder, programs: Programs, lock: FileLock, password: str, deadline: Deadline) -> None:
    draft = server.unfinished_cluster
    if draft.exists():
        shutil.rmtree(draft)
    initdb = str(programs.binaries.initdb)
    programs.run([initdb, *INITDB_OPTIONS, f"--pgdata={draft}"], "", lock, deadline)
    (draft / "pg_hba.conf").write_text(HOST_BASED_ACCESS, encoding="utf-8")
    # Create the extension in the template, since only a superuser can add it to later databases.
    statements = (
        "CREATE EXTENSION vector;\n"
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n"
    )
    programs.run(_single_user_command(programs, draft, "template1", "-F"), statements, lock, deadline)
    programs.run([initdb, "--sync-only", f"--pgdata={draft}"], "", lock, deadline)
    draft.rename(server.cluster)
    sync_folder(server.path)


def _single_user_command(programs: Programs, cluster: Path, database: str, *options: str) -> list[str]:
    return [str(programs.binaries.postgres), *SINGLE_USER_OPTIONS, *options, "-D", str(cluster), database]


def _check_version(cluster: Path) -> None:
    version = _read(cluster / "PG_VERSION")
    if version is None:
        raise ClusterDamaged(f"{cluster / 'PG_VERSION'} is missing")
    if version != str(MAJOR_VERSION):
        raise MajorVersionWrong(f"{cluster} is of version {version}, this is {MAJOR_VERSION}")


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
