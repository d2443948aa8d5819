"""Database indexes of vectors: one for each engine that made many, built without stopping other work."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import structlog
from psycopg import AsyncConnection, OperationalError, sql

from scenedex.db.database import as_tuple

if TYPE_CHECKING:
    from scenedex.db.database import Database, Transaction

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

MIN_VECTORS: Final = 20_000
"""Minimum number of vectors of an engine for a database index. An exact scan of fewer is as fast."""

# Any constant does, as long as every worker of every release uses the same one.
_BUILDING_LOCK: Final = 0x5CE9DEA
_PREFIX: Final = "vectors_near_"


def name_of(engine: str) -> str:
    """Return the name of the database index of an engine's vectors."""
    return f"{_PREFIX}{hashlib.sha256(engine.encode()).hexdigest()[:16]}"


async def exists(tx: Transaction, engine: str) -> bool:
    """Return whether the vectors of an engine have a valid database index."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(%(name)s) AND indisvalid)",
        name=name_of(engine),
    )


async def maintain(database: Database, *, min_vectors: int = MIN_VECTORS) -> None:
    """Build missing database indexes, and drop those of engines with few vectors. One process does so at a time."""
    async with database.transaction() as tx:
        wanted: dict[str, int] = dict(await tx.all(as_tuple, _MANY, min_vectors=min_vectors))
        known = set(
            await tx.all(
                str, "SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ^@ %(prefix)s", prefix=_PREFIX
            )
        )
        usable = {engine for engine in wanted if await exists(tx, engine)}
    missing = {engine: dimension for engine, dimension in wanted.items() if engine not in usable}
    unwanted = known - {name_of(engine) for engine in wanted}
    if not missing and not unwanted:
        return
    # A concurrent build cannot run in a transaction.
    async with await AsyncConnection.connect(database.conninfo, autocommit=True) as connection:
        locked = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (_BUILDING_LOCK,))).fetchone()
        if locked != (True,):
            return
        for name in unwanted:
            await connection.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(name)))
        for engine, dimension in missing.items():
            _log.info("search.vector_index_started", engine=engine)
            await _build(connection, engine, dimension)
            _log.info("search.vector_index_built", engine=engine)


async def _build(connection: AsyncConnection, engine: str, dimension: int) -> None:
    name = sql.Identifier(name_of(engine))
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(name)
    create = sql.SQL(
        "CREATE INDEX CONCURRENTLY {} ON scene_vectors"
        " USING hnsw ((embedding::halfvec({})) halfvec_ip_ops) WITH (m = 24, ef_construction = 200) WHERE engine = {}"
    ).format(name, sql.Literal(dimension), sql.Literal(engine))
    # A graph that does not fit into memory is written and read again for each vector. A vector needs four kilobytes.
    await connection.execute(
        "SELECT set_config('maintenance_work_mem', greatest(64, least(2048,"
        " (SELECT reltuples::bigint FROM pg_class WHERE oid = 'scene_vectors'::regclass) * 4 / 1024)) || 'MB', false)"
    )
    # An interrupted build leaves an invalid index.
    await connection.execute(drop)
    try:
        await connection.execute(create)
    except OperationalError:
        # Several processes share memory, of which some containers have little.
        await connection.execute(drop)
        await connection.execute("SET max_parallel_maintenance_workers = 0")
        await connection.execute(create)


# Counts the vectors of an engine no further than needed.
_MANY: Final = """
WITH RECURSIVE known AS (
    (SELECT engine FROM scene_vectors ORDER BY engine LIMIT 1)
    UNION ALL
    SELECT (SELECT v.engine FROM scene_vectors v WHERE v.engine > known.engine ORDER BY v.engine LIMIT 1)
    FROM known
    WHERE known.engine IS NOT NULL
)
SELECT engine, (SELECT vector_dims(embedding) FROM scene_vectors v WHERE v.engine = known.engine LIMIT 1)
FROM known
WHERE engine IS NOT NULL
  AND (
      SELECT count(*)
      FROM (SELECT FROM scene_vectors v WHERE v.engine = known.engine LIMIT %(min_vectors)s) AS counted
  ) >= %(min_vectors)s
"""
