"""Whether managed storage and database belong together: each says of which installation it is.

To a database that was set up anew, everything in the storage of another looks like what nobody needs; and a worker with
folders of its own keeps copies where no other process finds them. So both are refused before anything is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit.service import record
from scenedex.storage.errors import ObjectNotFound, ObjectTooLarge, StorageError

if TYPE_CHECKING:
    from scenedex.audit.records import AuditEntry
    from scenedex.db.database import Database
    from scenedex.storage.store import ManagedStore

MARK: Final = "installation"
"""Key of the object that says so."""

_LONGEST: Final = 100


class StorageOfAnother(StorageError):
    """The managed storage is not the one of this database; correct the settings, or see scenedex reconcile --adopt."""


async def mark(database: Database, managed: ManagedStore) -> None:
    """Mark storage that no database has marked as that of this one; where one has, it must be this one.

    Raises:
        StorageOfAnother: it is another one, or the storage that this one has marked is elsewhere.
        StorageError: the storage does not answer.
    """
    if not await check(database, managed):
        await adopt(database, managed)


async def check(database: Database, managed: ManagedStore) -> bool:
    """Whether this database knows that it has marked the storage; not before a server or worker has used it.

    Raises:
        StorageOfAnother: as `mark` says.
        StorageError: the storage does not answer.
    """
    async with database.transaction() as tx:
        [(own, has_marked)] = await tx.all(_pair, "SELECT installation_id::text, has_marked_storage FROM installation")
    try:
        found = (await managed.get(MARK, max_bytes=_LONGEST)).decode("ascii", "replace").strip()
    except ObjectTooLarge:
        found = "something else"
    except ObjectNotFound:
        if has_marked:
            raise StorageOfAnother("it lacks the mark that the storage used so far has") from None
        return False
    if found != own:
        raise StorageOfAnother(f"it is marked as that of installation {found}, and the database is of {own}")
    # Whoever wrote the mark may have ended before the database knew.
    return has_marked


async def adopt(database: Database, managed: ManagedStore, entry: AuditEntry | None = None) -> None:
    """Mark the storage as that of this database, whatever it was, and record the event if one is given.

    Raises:
        StorageError: the storage does not answer.
    """
    async with database.transaction() as tx:
        own: str = await tx.value("SELECT installation_id::text FROM installation")
    await managed.put(MARK, own.encode(), "text/plain")
    async with database.transaction() as tx:
        await tx.run("UPDATE installation SET has_marked_storage = true WHERE NOT has_marked_storage")
        if entry is not None:
            await record(tx, entry)


def _pair(own: str, has_marked: bool) -> tuple[str, bool]:  # noqa: FBT001  # a row
    return own, has_marked
