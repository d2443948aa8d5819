"""Erasing objects after their rows: triggers note the folders of deleted rows, and a worker erases them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.db.database import as_tuple
from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.jobs.state import is_any_live
from scenedex.storage.errors import ManagedKeyInvalid, StorageError, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.assets")


async def request_erasure(tx: Transaction, queue: JobQueue) -> None:
    """Have a worker erase the objects of rows that this transaction deletes."""
    await queue.defer(tx, JobKind.ERASURE, Work(0))


async def erase(tx: Transaction, queue: JobQueue, folders: Sequence[str]) -> None:
    """Have a worker erase folders, whose rows this transaction deletes."""
    await tx.run(
        "INSERT INTO erasures (prefix) SELECT folder || '/' FROM unnest(%(folders)s::text[]) AS folder",
        folders=list(folders),
    )
    await request_erasure(tx, queue)


async def erase_object(tx: Transaction, key: str) -> None:
    """Have a worker erase one object, which no row names after this transaction. A sweep requests it."""
    await tx.run("INSERT INTO erasures (prefix) VALUES (%(key)s)", key=key)


async def announce(tx: Transaction, folders: Sequence[str]) -> None:
    """Schedule folders for erasure in a day, unless they are `claimed`, before objects are written to them.

    So objects that are written before their row do not outlive a process that dies between the two.
    """
    await tx.run(
        """
        INSERT INTO erasures (prefix, not_before)
        SELECT folder || '/', now() + interval '1 day'
        FROM unnest(%(folders)s::text[]) AS folder
        """,
        folders=list(folders),
    )


async def claimed(tx: Transaction, folders: Sequence[str]) -> bool:
    """Keep announced folders, whose rows this transaction writes. Return `False` if one has been erased."""
    kept = await tx.run(
        "DELETE FROM erasures WHERE prefix = ANY(%(prefixes)s)", prefixes=[f"{folder}/" for folder in folders]
    )
    return kept == len(folders)


async def abandon(tx: Transaction, folders: Sequence[str]) -> None:
    """Have announced folders erased soon, since their row will not be written."""
    await tx.run(
        "UPDATE erasures SET not_before = now() WHERE prefix = ANY(%(prefixes)s)",
        prefixes=[f"{folder}/" for folder in folders],
    )


async def request_due_erasures(tx: Transaction, queue: JobQueue) -> None:
    """Request an erasure if a folder is due and no erasure waits or runs."""
    is_due = await tx.value("SELECT EXISTS (SELECT FROM erasures WHERE not_before <= now())")
    if is_due and not await is_any_live(tx, JobKind.ERASURE):
        await request_erasure(tx, queue)


class ErasureHandler:
    """`JobHandler` that erases all due folders. A folder that cannot be erased does not delay the others."""

    def __init__(self, database: Database, managed: ManagedStore) -> None:
        self._database = database
        self._managed = managed

    async def run(self, subject: int) -> None:
        """Erase folder after folder.

        Raises:
            StorageError: a folder could not be erased. The others are.
        """
        del subject
        last, failure = 0, None
        while True:
            async with self._database.transaction() as tx:
                found = await tx.one(
                    as_tuple,
                    """
                    SELECT erasure_id, prefix
                    FROM erasures
                    WHERE not_before <= now() AND erasure_id > %(last)s
                    ORDER BY erasure_id
                    LIMIT 1
                    FOR UPDATE SKIP LOCKED
                    """,
                    last=last,
                )
                if found is None:
                    break
                last, prefix = found
                try:
                    await self._erase(prefix)
                except StorageUnavailable:
                    raise
                except ManagedKeyInvalid:
                    # No object can have such a key.
                    _log.warning("erasure.impossible", prefix=prefix)
                except StorageError as error:
                    failure = error
                    continue
                await tx.run("DELETE FROM erasures WHERE erasure_id = %(erasure_id)s", erasure_id=last)
        if failure is not None:
            raise failure

    async def _erase(self, prefix: str) -> None:
        if prefix.endswith("/"):
            await self._managed.delete_prefix(prefix)
        else:
            await self._managed.delete(prefix)
