"""Version of the database schema. Loads the migration tool only if migrations are missing."""

from __future__ import annotations

from importlib import resources

import psycopg
from psycopg import errors

from scenedex.db.database import DatabaseUnavailable

_MIN_SERVER_VERSION = 17


class DatabaseUnsuitable(Exception):
    """The database lacks something that Scenedex needs."""


class SchemaTooNew(Exception):
    """The database was written by a later release of Scenedex. Upgrade this one."""


def upgrade_schema(conninfo: str) -> None:
    """Run the missing migrations. Processes wait for one that is doing so.

    Raises:
        DatabaseUnavailable: the database does not answer.
        DatabaseUnsuitable: the server is too old or lacks pgvector, or the user may not create the schema.
        SchemaTooNew: the schema is of a later release.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            current = schema_version(connection)
            server = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(str(error).strip()) from error
    released = released_versions()
    if current == released[-1]:
        return
    if current is not None and current not in released:
        raise SchemaTooNew
    if server < _MIN_SERVER_VERSION:
        raise DatabaseUnsuitable(f"PostgreSQL {_MIN_SERVER_VERSION} or later is needed, but this one is {server}.")
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  # half a second of imports that most starts do not need

    from scenedex.db.migrate import migrate  # noqa: PLC0415

    try:
        migrate(conninfo)
    except DBAPIError as error:
        if (unsuitable := _explain(error.orig)) is None:
            raise
        raise unsuitable from error


def _explain(error: BaseException | None) -> DatabaseUnsuitable | None:
    match error:
        case errors.InsufficientPrivilege():
            advice = "make its user its owner, and let an administrator run CREATE EXTENSION vector in it"
        case errors.FeatureNotSupported() | errors.UndefinedFile() | errors.UndefinedObject():
            advice = "install pgvector 0.7 or later on its server"
        case _:
            return None
    return DatabaseUnsuitable(f"The database cannot be set up: {error.diag.message_primary}. To fix this, {advice}.")


def released_versions() -> list[str]:
    """Return the schema versions of this release in order: the numbers of its migrations."""
    folder = resources.files("scenedex.db") / "migrations" / "versions"
    return sorted(file.name.split("_")[0] for file in folder.iterdir() if file.name.endswith(".py"))


def schema_version(connection: psycopg.Connection[tuple[str]]) -> str | None:
    """Return the version of the database's schema, or `None` if it has none."""
    exists = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    if exists is None or not exists[0]:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None
