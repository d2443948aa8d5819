"""Objects go after their rows: the database notes which, a worker removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.jobs import JobKind, Work
from scenedex.storage.errors import ManagedKeyInvalid, StorageError, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.jobs import JobQueue
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.assets")


async def request_erasure(tx: Transaction, queue: JobQueue) -> None:
    """See to the objects of the rows that this transaction removes."""
    await queue.defer(tx, JobKind.ERASURE, Work(0))


async def announce(tx: Transaction, folders: Sequence[str]) -> None:
    """Say that objects will be written to these folders, which are erased in a day unless they are `claimed`.

    So objects that are written ahead of their row do not outlive a process that dies between the two.
    """
    await tx.run_many(
        "INSERT INTO erasures (prefix, not_before) VALUES (%s, now() + interval '1 day')",
        [(f"{folder}/",) for folder in folders],
    )


async def claimed(tx: Transaction, folders: Sequence[str]) -> bool:
    """Keep announced folders, whose rows this transaction writes; False where one has been erased meanwhile."""
    kept = await tx.run("DELETE FROM erasures WHERE prefix = ANY(%s)", [f"{folder}/" for folder in folders])
    return kept == len(folders)


async def abandon(tx: Transaction, folders: Sequence[str]) -> None:
    """Erase announced folders soon, since no row will come."""
    await tx.run("UPDATE erasures SET not_before = now() WHERE prefix = ANY(%s)", [f"{folder}/" for folder in folders])


async def has_pending(tx: Transaction) -> bool:
    """Whether objects wait to be removed although no job is at it."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM erasures WHERE not_before <= now()) AND NOT EXISTS ("
        "SELECT FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing'))",
        JobKind.ERASURE.value,
    )


class ErasureHandler:
    """Removes the objects noted by the database, one prefix after the other; one that cannot go keeps none waiting."""

    def __init__(self, database: Database, managed: ManagedStore) -> None:
        self._database = database
        self._managed = managed

    async def run(self, subject: int) -> None:
        """Remove until nothing is left; a prefix is forgotten once its objects are gone.

        Raises:
            StorageError: some could not be removed; the others are.
        """
        del subject
        last, failure = 0, None
        while True:
            async with self._database.transaction() as tx:
                found = await tx.one(
                    _erasure,
                    "SELECT erasure_id, prefix FROM erasures WHERE not_before <= now() AND erasure_id > %s"
                    " ORDER BY erasure_id LIMIT 1 FOR UPDATE SKIP LOCKED",
                    last,
                )
                if found is None:
                    break
                last, prefix = found
                try:
                    await self._managed.delete_prefix(prefix)
                except StorageUnavailable:
                    raise
                except ManagedKeyInvalid:
                    # No object can have such a key.
                    _log.warning("erasure.impossible", prefix=prefix)
                except StorageError as error:
                    failure = error
                    continue
                await tx.run("DELETE FROM erasures WHERE erasure_id = %s", last)
        if failure is not None:
            raise failure


def _erasure(erasure_id: int, prefix: str) -> tuple[int, str]:
    return erasure_id, prefix
