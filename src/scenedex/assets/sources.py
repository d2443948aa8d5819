"""Objects of users' buckets that an import may read. A worker decides it at each try.

A bucket is a boundary between tenants. An object that an import may not read is answered like one that does not exist.
"""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from scenedex.assets import source_queries
from scenedex.jobs.errors import Superseded
from scenedex.storage.errors import AccessDenied, BucketNotFound, KeysRefused, ObjectNotFound
from scenedex.storage.names import has_dot_segment, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenedex.assets.records import ImportClaim
    from scenedex.db.database import Database
    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.errors import StorageError
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.imports")
_SHOWN_KEY = 200


class SourceRefusal(StrEnum):
    """Rule that refuses an object, for the log."""

    MANAGED = "the managed storage is never a source"
    DOT_SEGMENT = "the key has a '.' or '..' between its slashes, perhaps encoded"
    NOT_GRANTED = "the bucket is not granted to the workspace, or not for this key"


def refusal_of(key: str, prefixes: Iterable[str], *, is_managed: bool, is_open: bool) -> SourceRefusal | None:
    """Return the rule that refuses an object, or `None` if an import may read it.

    Args:
        key: key of the object.
        prefixes: prefixes of the keys that the workspace may read in the bucket.
        is_managed: whether the bucket is that of the managed storage.
        is_open: whether the import may read every bucket of the users.
    """
    if is_managed:
        return SourceRefusal.MANAGED
    if has_dot_segment(key):
        return SourceRefusal.DOT_SEGMENT
    if is_open or any(key.startswith(prefix) for prefix in prefixes):
        return None
    return SourceRefusal.NOT_GRANTED


def absence(bucket: str, error: StorageError | None = None) -> str:
    """Return the reason why there is no object to import, as its user reads it, which is the same for a refusal.

    Args:
        bucket: name of the bucket.
        error: answer of the storage, or `None` if the import may not read the object.
    """
    if isinstance(error, BucketNotFound):
        return f'There is no bucket "{bucket}".'
    return "There is no such object, or no permission to read it."


class SourceAccess:
    """Decides whether an import may read its object.

    Args:
        database: database of assets and grants.
        sources: users' buckets.
        managed: managed storage.
        open_buckets: whether assets that a key without limits registered may be read from every bucket.
    """

    def __init__(
        self, database: Database, sources: SourceBuckets, managed: ManagedStore, *, open_buckets: bool
    ) -> None:
        self._database = database
        self._sources = sources
        self._managed = managed
        self._open_buckets = open_buckets

    async def readable_keys(self, claim: ImportClaim) -> list[str]:
        """Return the spellings of the key under which an import may look for its object, the key itself first.

        A refusal takes the time of the look at an absent object.

        Raises:
            Superseded: the asset has been deleted.
        """
        bucket = claim.bucket_name or ""
        async with self._database.transaction() as tx:
            found = await source_queries.grants(tx, claim.asset_id, bucket)
        if found is None:
            raise Superseded
        is_managed = await self._sources.is_managed(bucket)
        is_open = claim.reads_open_buckets and self._open_buckets
        refusals = {
            key: refusal_of(key, found.prefixes, is_managed=is_managed, is_open=is_open) for key in spellings(claim.key)
        }
        for refusal in refusals.values():
            if refusal is not None:
                await look_for_nothing(self._managed)
        if (refusal := refusals[claim.key]) is not None:
            self._log_refusal(claim, found.workspace_name, refusal)
        return [key for key, refusal in refusals.items() if refusal is None]

    @staticmethod
    def _log_refusal(claim: ImportClaim, workspace_name: str, refusal: SourceRefusal) -> None:
        _log.warning(
            "import.source_refused",
            asset=claim.asset_id,
            workspace=workspace_name,
            bucket=claim.bucket_name,
            key=claim.key[:_SHOWN_KEY],
            rule=refusal.value,
        )


async def look_for_nothing(managed: ManagedStore) -> None:
    """Ask the storage for an absent object, so that a refusal takes as long as the look at one.

    The question does not depend on the refused object, whose bucket may answer faster or slower than others.
    """
    try:
        await managed.head(f"absent/{secrets.token_hex(16)}")
    except KeysRefused:
        raise
    except (ObjectNotFound, AccessDenied):
        # S3 denies access to an absent object where it may not be listed.
        pass
