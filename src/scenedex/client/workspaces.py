"""Workspaces: list, create, get, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.client.answers import Workspace
from scenedex.client.connection import Call, Connection, given, target
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Workspaces:
    """Workspaces that an access key may see."""

    connection: Connection

    def list(self, *, page_size: int = MAX_PAGE_SIZE) -> Iterator[Workspace]:
        """Iterate over all workspaces. Pages of 1-1000 workspaces are fetched on demand."""
        return all_items(lambda number: self.page(number, page_size))

    def page(self, page_num: int, page_size: int = MAX_PAGE_SIZE) -> Page[Workspace]:
        """Return one page. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size}
        return self.connection.result(Call("GET", target("workspaces", query=query)), Page[Workspace])

    def create(self, name: str, *, bucket_name: str | None = None) -> Workspace:
        """Create a workspace with its base project. ``name`` has 3-63 characters of ``a-z 0-9 -``.

        Raises:
            InvalidRequest: the name or the bucket is not valid, or there are too many workspaces.
            Conflict: the name is taken.
        """
        body = given(workspaceName=name, bucketName=bucket_name)
        return self.connection.result(Call("POST", target("workspaces"), body, is_repeatable=False), Workspace)

    def get(self, name: str) -> Workspace:
        """Return a workspace with the number of analyses of the current month.

        Raises:
            NotFound: the workspace does not exist.
        """
        return self.connection.result(Call("GET", target("workspaces", name)), Workspace)

    def delete(self, name: str) -> None:
        """Delete a workspace and everything in it. Your buckets are kept.

        Raises:
            NotFound: the workspace does not exist, or the first attempt succeeded but its answer was lost.
            Conflict: an analysis runs in the workspace.
        """
        self.connection.run(Call("DELETE", target("workspaces", name)))
