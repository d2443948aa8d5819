"""Running of migrations by one process at a time."""

from __future__ import annotations

from importlib import resources

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

# Any constant, but the same in every process of every release.
_LOCK = 0x5CE9EDE


def migrate(conninfo: str, *, to: str = "head") -> None:
    """Run the missing migrations up to one, in one transaction and under a lock."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("scenedex.db") / "migrations"))
    with psycopg.connect(conninfo, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=NullPool)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
        engine.dispose()
