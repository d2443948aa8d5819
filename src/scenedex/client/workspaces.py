"""Workspaces: list, create, get, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.answers import Workspace
from scenedex.client.connection import Call, Connection
from scenedex.client.paging import LARGEST_PAGE, Page, every_item
from scenedex.client.targets import target

if TYPE_CHECKING:
    from collections.abc import Iterator


class _NewWorkspace(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    workspace_name: str
    bucket_name: str | None = None


@dataclass(frozen=True, slots=True)
class Workspaces:
    """The workspaces that an access key may see."""

    connection: Connection

    def list(self, *, page_size: int = LARGEST_PAGE) -> Iterator[Workspace]:
        """All workspaces, fetched page by page (1-1000 each) while they are read."""
        return every_item(lambda number: self.page(number, page_size))

    def page(self, page_num: int, page_size: int = LARGEST_PAGE) -> Page[Workspace]:
        """One page, counted from 1."""
        query = [("pageNum", page_num), ("pageSize", page_size)]
        return self.connection.ask(Call("GET", _target(query=query)), Page[Workspace])

    def create(self, name: str, *, bucket_name: str | None = None) -> Workspace:
        """A workspace with its base project; ``name`` is 3-63 of ``a-z 0-9 -``.

        Raises:
            InvalidRequest: the name or the bucket is not usable, or there are too many workspaces.
            Conflict: the name is taken.
        """
        body = _NewWorkspace(name, bucket_name)
        return self.connection.ask(Call("POST", _target(), body, is_repeatable=False), Workspace)

    def get(self, name: str) -> Workspace:
        """One workspace, with the number of analyses requested this month.

        Raises:
            NotFound: no such workspace.
        """
        return self.connection.ask(Call("GET", _target(name)), Workspace)

    def delete(self, name: str) -> None:
        """Removes a workspace and everything below it; buckets of yours are not touched.

        Raises:
            NotFound: no such workspace; also when a first attempt succeeded but its answer was lost.
            Conflict: an analysis runs in it.
        """
        self.connection.tell(Call("DELETE", _target(name)))


def _target(*names: str, query: list[tuple[str, int]] | None = None) -> str:
    return target("api", "v1", "workspaces", *names, query=query or ())
