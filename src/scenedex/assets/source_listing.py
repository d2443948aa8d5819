"""Listing of users' buckets, limited to the objects that an import of the caller may read."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from scenedex.assets import source_queries
from scenedex.assets.errors import BucketUnknown
from scenedex.assets.sources import look_for_nothing, refusal_of
from scenedex.auth.keys import Role
from scenedex.storage.errors import AccessDenied, BucketNotFound, KeysRefused, ObjectNotFound
from scenedex.storage.objects import ListedObject
from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.workspaces.records import WorkspaceId
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.store import ManagedStore


def listed_prefixes(asked: str, granted: Iterable[str]) -> list[str]:
    """Return the disjoint prefixes of all keys that have the asked prefix and a granted one, in order."""
    common = sorted(
        {
            prefix if prefix.startswith(asked) else asked
            for prefix in granted
            if prefix.startswith(asked) or asked.startswith(prefix)
        }
    )
    found: list[str] = []
    for prefix in common:
        if not found or not prefix.startswith(found[-1]):
            found.append(prefix)
    return found


class ReadableSources:
    """Objects of users' buckets that the imports of a workspace may read.

    Args:
        database: database of grants.
        sources: users' buckets.
        open_buckets: whether owners without limits may read every bucket.
    """

    def __init__(self, database: Database, sources: SourceBuckets, *, open_buckets: bool) -> None:
        self._database = database
        self._sources = sources
        self._open_buckets = open_buckets

    async def prefixes(self, workspace: int, bucket: str, prefix: str, *, reads_open_buckets: bool) -> list[str]:
        """Return the disjoint prefixes of the readable keys that have a prefix, in order.

        Raises:
            BucketNotFound: none of the bucket's objects may be read.
        """
        async with self._database.transaction() as tx:
            granted = await source_queries.grants_of(tx, WorkspaceId(workspace), bucket)
        if reads_open_buckets and self._open_buckets:
            granted = [""]
        if not granted or await self._sources.is_managed(bucket):
            raise BucketNotFound(bucket)
        return listed_prefixes(prefix, granted)

    async def pages(
        self, bucket: str, prefix: str, readable: Sequence[str], *, start_after: str, is_recursive: bool, size: int
    ) -> AsyncGenerator[list[ListedObject]]:
        """Yield the objects that have a prefix and follow a key, in the order of their keys, page by page.

        ``readable`` are the prefixes of them that may be read. Unless ``is_recursive``, keys with a slash after the
        prefix are left out.
        """
        page: list[ListedObject] = []
        for start in readable:
            listing = self._sources.list(bucket, start, start_after=start_after, is_recursive=is_recursive)
            async with aclosing(listing) as objects:
                async for item in objects:
                    if not is_recursive and "/" in item.key.removeprefix(prefix):
                        continue
                    page.append(item)
                    if len(page) == size:
                        yield page
                        page = []
        if page:
            yield page

    async def find(self, bucket: str, prefixes: Sequence[str], key: str) -> ListedObject | None:
        """Return the present version of an object that has one of the prefixes, or `None` if there is none."""
        if not any(key.startswith(prefix) for prefix in prefixes):
            return None
        try:
            found = await self._sources.head(bucket, key)
        except BucketNotFound:
            raise
        except ObjectNotFound:
            return None
        return ListedObject(key, found.size_bytes, found.modified, found.etag)


class SourceListing:
    """Lists objects of users' buckets.

    Args:
        database: database of grants.
        sources: users' buckets.
        managed: managed storage.
        open_buckets: whether keys without limits may read every bucket.
    """

    def __init__(
        self, database: Database, sources: SourceBuckets, managed: ManagedStore, *, open_buckets: bool
    ) -> None:
        self._database = database
        self._sources = sources
        self._managed = managed
        self._open_buckets = open_buckets

    async def page(
        self, caller: Caller, workspace_name: str, bucket: str, prefix: str, *, start_after: str, size: int
    ) -> tuple[list[ListedObject], bool]:
        """Return objects in the order of their keys, and whether there are more.

        Raises:
            GatewayError: the caller may not import.
            WorkspaceNotFound: there is no such workspace that the caller may see.
            BucketUnknown: there is no such bucket, or no import of the caller may read any of its objects.
        """
        if caller.role is Role.VIEWER:
            raise GatewayError(GatewayFault.PERMISSION_DENIED, "The access key may read only.")
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            granted = await source_queries.grants_of(tx, workspace, bucket)
        if caller.workspaces is None and self._open_buckets:
            granted = [""]
        if not granted or await self._sources.is_managed(bucket):
            await look_for_nothing(self._managed)
            raise BucketUnknown
        try:
            return await self._listed(bucket, listed_prefixes(prefix, granted), start_after, size)
        except KeysRefused:
            raise
        except (BucketNotFound, AccessDenied) as error:
            raise BucketUnknown from error

    async def require_readable(self, caller: Caller, workspace_name: str, bucket: str) -> None:
        """Check that imports of the caller may read objects of a bucket.

        Raises:
            GatewayError: the caller may not import.
            WorkspaceNotFound: there is no such workspace that the caller may see.
            BucketUnknown: there is no such bucket, or no import of the caller may read any of its objects.
        """
        await self.page(caller, workspace_name, bucket, "", start_after="", size=1)

    async def _listed(
        self, bucket: str, prefixes: list[str], start_after: str, size: int
    ) -> tuple[list[ListedObject], bool]:
        found: list[ListedObject] = []
        for prefix in prefixes:
            async with aclosing(self._sources.list(bucket, prefix, start_after=start_after)) as objects:
                async for item in objects:
                    if refusal_of(item.key, [prefix], is_managed=False, is_open=False) is not None:
                        continue
                    if len(found) == size:
                        return found, True
                    found.append(item)
        if not prefixes and not await self._sources.exists(bucket):
            raise BucketNotFound(bucket)
        return found, False
