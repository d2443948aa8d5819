"""Whether the schema is that of this release; the migration tool is loaded only when it is not."""

from __future__ import annotations

from importlib import resources

import psycopg

from scenedex.db.database import DatabaseUnavailable


class SchemaTooNew(Exception):
    """The database was written by a later release of Scenedex; upgrade this one."""


def bring_up_to_date(conninfo: str) -> None:
    """Run the migrations that are missing, each process waiting for the one that is at it.

    Args:
        conninfo: libpq connection string or URL.

    Raises:
        DatabaseUnavailable: the database does not answer.
        SchemaTooNew: the schema is of a later release.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            current = schema_version(connection)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(str(error).strip()) from error
    released = released_versions()
    if current == released[-1]:
        return
    if current is not None and current not in released:
        raise SchemaTooNew
    from scenedex.db.migrate import migrate  # noqa: PLC0415  # half a second of imports that most starts do not need

    migrate(conninfo)


def released_versions() -> list[str]:
    """The versions of the schema that this release knows, in order: the numbers of the migrations."""
    folder = resources.files("scenedex.db") / "migrations" / "versions"
    return sorted(file.name.split("_")[0] for file in folder.iterdir() if file.name.endswith(".py"))


def schema_version(connection: psycopg.Connection[tuple[str]]) -> str | None:
    """The version of the database's schema; None where it has none."""
    exists = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    if exists is None or not exists[0]:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None
