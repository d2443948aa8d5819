"""Sets of sign codes: one for each kind of vectors of which there are many, built without stopping other work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from psycopg import AsyncConnection, sql

from scenedex.search import code_queries as queries
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from scenedex.db.database import Database
    from scenedex.search.code_queries import VectorKind

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

MIN_VECTORS: Final = 20_000
"""Minimum number of vectors of a kind for a set of codes. An exact scan of fewer is as fast."""

MAX_BATCH: Final = 400
"""Indexes whose packs are written in one transaction."""

# Any constant does, as long as every worker of every release uses the same one.
_BUILDING_LOCK: Final = 0x5CE9DEA
_CENTRE_SAMPLE: Final = 20_000
_COUNT_SAMPLE: Final = 512
# The centre of so many times as many vectors may be another.
_MAX_GROWTH: Final = 4
# Codes of vectors that were deleted or made again are compared in vain. An estimate of the number of vectors is hardly
# ever too low by as much.
_MAX_SURPLUS: Final = 1.25


async def maintain(database: Database, *, min_vectors: int = MIN_VECTORS, batch: int = MAX_BATCH) -> None:
    """Build missing and outdated sets, compact others, and delete those of few vectors. One process does so at a time.

    A transaction writes the packs of up to ``batch`` indexes.
    """
    # The lock outlives the transactions of a build.
    async with await AsyncConnection.connect(database.conninfo, autocommit=True) as connection:
        locked = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (_BUILDING_LOCK,))).fetchone()
        if locked != (True,):
            return
        await _drop_former_indexes(connection)
        async with database.transaction() as tx:
            wanted = await queries.kinds_with_many(tx, min_vectors)
            for kind in await queries.known_kinds(tx):
                if kind not in wanted:
                    await queries.drop_sets(tx, kind)
        for kind in wanted:
            await _maintain_kind(database, kind, batch)


async def _maintain_kind(database: Database, kind: VectorKind, batch: int) -> None:
    async with database.transaction() as tx:
        vectors = await queries.estimate_vectors(tx, kind, _COUNT_SAMPLE)
        sets = await queries.sets_of(tx, kind)
    if sets:
        last = sets[-1]
        is_outdated = vectors > _MAX_GROWTH * last.vectors_at_start
        if last.is_complete and last.has_scales and not is_outdated:
            if last.vectors > _MAX_SURPLUS * vectors:
                await _compact(database, kind, last.set_id, batch)
            return
    if not sets or sets[-1].is_complete or not sets[-1].has_scales:
        async with database.transaction() as tx:
            await lock_persons(tx, kind.workspace_id)
            set_id = await queries.begin_set(tx, kind, vectors, _CENTRE_SAMPLE)
    else:
        # The build was interrupted.
        set_id = sets[-1].set_id
    _log.info("search.codes_started", workspace=kind.workspace_id, engine=kind.engine, vectors=vectors)
    while await _pack(database, kind, set_id, batch):
        pass
    _log.info("search.codes_completed", workspace=kind.workspace_id, engine=kind.engine)


async def _pack(database: Database, kind: VectorKind, set_id: int, batch: int) -> bool:
    """Pack a batch of indexes, or complete the set and return `False` if there are no more."""
    async with database.transaction() as tx:
        await lock_persons(tx, kind.workspace_id)
        index_ids = await queries.indexes_to_pack(tx, set_id, batch)
        if index_ids:
            await queries.pack_indexes(tx, set_id, index_ids)
        else:
            await queries.complete_set(tx, set_id)
            await queries.drop_sets(tx, kind, kept=set_id)
    return bool(index_ids)


async def _compact(database: Database, kind: VectorKind, set_id: int, batch: int) -> None:
    """Pack again the indexes whose packs have more codes than the indexes have vectors."""
    after, compacted = 0, 0
    while True:
        async with database.transaction() as tx:
            indexes = await queries.packed_indexes(tx, kind, set_id, after, batch)
        if not indexes:
            break
        after = indexes[-1].index_id
        if wasteful := [one.index_id for one in indexes if one.codes > one.vectors]:
            async with database.transaction() as tx:
                await lock_persons(tx, kind.workspace_id)
                await queries.pack_indexes(tx, set_id, wasteful)
            compacted += len(wasteful)
    _log.info("search.codes_compacted", workspace=kind.workspace_id, engine=kind.engine, indexes=compacted)


async def _drop_former_indexes(connection: AsyncConnection) -> None:
    """Drop the database indexes of vectors that former releases built."""
    found = await connection.execute("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ^@ 'vectors_near_'")
    for (name,) in await found.fetchall():
        await connection.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(name)))
