"""Buckets that a workspace may import from: list their objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.client.answers import BucketObjectList
from scenedex.client.connection import WorkspaceCalls
from scenedex.client.paging import MAX_PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.client.answers import BucketObject


class Buckets(WorkspaceCalls):
    """The buckets that imports of one workspace may read."""

    _path = ("buckets",)

    def objects(self, bucket: str, prefix: str = "", *, page_size: int = MAX_PAGE_SIZE) -> Iterator[BucketObject]:
        """Iterate over the objects whose keys start with a prefix, in the order of their keys.

        Raises:
            NotFound: there is no such bucket, or no import of the access key may read it.
            PermissionDenied: the access key may read only.
            UnknownRoute: the service is not Scenedex, and has no such list.
        """
        last: str | None = None
        while True:
            query = {"prefix": prefix or None, "startAfter": last, "pageSize": page_size}
            page = self._call("GET", BucketObjectList, bucket, "objects", query=query)
            yield from page.objects
            if not page.has_more or not page.objects:
                return
            last = page.objects[-1].key
