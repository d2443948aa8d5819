"""Ownership of managed storage: database and storage carry the id of the same installation.

To the database of another installation, all objects would look like leftovers. A worker with folders of its own would
keep copies where no other process finds them. So both are refused before any work starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit.service import record
from scenedex.db.database import as_tuple
from scenedex.storage.errors import ObjectNotFound, ObjectTooLarge, StorageError

if TYPE_CHECKING:
    from scenedex.audit.records import AuditEntry
    from scenedex.db.database import Database
    from scenedex.storage.store import ManagedStore

MARK: Final = "installation"
"""Key of the object that holds the id of the installation."""

_MAX_BYTES: Final = 100


class StorageOfAnother(StorageError):
    """The managed storage belongs to another database. Correct the settings, or see scenedex reconcile --adopt."""


async def mark(database: Database, managed: ManagedStore) -> None:
    """Mark unmarked storage as owned by this database.

    Raises:
        StorageOfAnother: another database has marked it, or this database has marked another storage.
    """
    if not await check(database, managed):
        await adopt(database, managed)


async def check(database: Database, managed: ManagedStore) -> bool:
    """Return whether this database has marked the storage. `False` before the first server or worker.

    Raises:
        StorageOfAnother: see `mark`.
    """
    async with database.transaction() as tx:
        [(own, has_marked)] = await tx.all(
            as_tuple, "SELECT installation_id::text, has_marked_storage FROM installation"
        )
    try:
        found = (await managed.get(MARK, max_bytes=_MAX_BYTES)).decode("ascii", "replace").strip()
    except ObjectTooLarge:
        found = "something else"
    except ObjectNotFound:
        if has_marked:
            raise StorageOfAnother("it lacks the mark that the storage used so far has") from None
        return False
    if found != own:
        raise StorageOfAnother(f"it is marked as that of installation {found}, and the database is of {own}")
    # The process that wrote the mark may have ended before it updated the database.
    return has_marked


async def adopt(database: Database, managed: ManagedStore, entry: AuditEntry | None = None) -> None:
    """Mark the storage as owned by this database, even if it is another's, and record the event if one is given."""
    async with database.transaction() as tx:
        own: str = await tx.value("SELECT installation_id::text FROM installation")
    await managed.put(MARK, own.encode(), "text/plain")
    async with database.transaction() as tx:
        await tx.run("UPDATE installation SET has_marked_storage = true WHERE NOT has_marked_storage")
        if entry is not None:
            await record(tx, entry)
