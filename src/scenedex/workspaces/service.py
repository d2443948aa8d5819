"""Workspaces: list, create, read and delete them, and find the one of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import structlog

from scenedex.audit.service import record
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.workspaces import queries
from scenedex.workspaces.errors import TooManyWorkspaces, WorkspaceBusy, WorkspaceNameTaken, WorkspaceNotFound
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.storage.buckets import SourceBuckets
    from scenedex.wire.parsing import PageRequest
    from scenedex.workspaces.records import Workspace, WorkspaceId


_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.workspaces")


class WorkspaceContent(Protocol):
    """Content of workspaces, which belongs to the slices above this one."""

    async def created(self, tx: Transaction, workspace: WorkspaceId, user_name: str) -> None:
        """Add the initial content of a workspace."""
        ...

    async def is_busy(self, tx: Transaction, workspace: WorkspaceId) -> bool:
        """Return whether an analysis waits or runs in the workspace."""
        ...

    async def removed(self, tx: Transaction) -> None:
        """Have the objects removed whose rows this transaction has deleted."""
        ...


async def require_workspace(tx: Transaction, name: str) -> WorkspaceId:
    """Return the id of a workspace without asking whether a caller may see it.

    Raises:
        WorkspaceNotFound: there is no such workspace.
    """
    found = await queries.find_id(tx, name)
    if found is None:
        raise WorkspaceNotFound
    return found


async def visible_workspace(tx: Transaction, caller: Caller, name: str) -> WorkspaceId:
    """Return the id of the workspace that a request names.

    Raises:
        WorkspaceNotFound: there is no such workspace, or the caller may not see it.
    """
    if not caller.can_see(name):
        raise WorkspaceNotFound
    return await require_workspace(tx, name)


async def all_workspaces(tx: Transaction) -> list[Workspace]:
    """Return all workspaces, oldest first."""
    return await queries.page(tx, None, 0, 2**31)


async def count_analysis(tx: Transaction, workspace: WorkspaceId, month: date) -> None:
    """Count one more requested analysis in a calendar month, given by its first day."""
    await queries.count_analysis(tx, workspace, month)


class Workspaces:
    """Workspaces in the database.

    Methods raise `WorkspaceNotFound` if there is no such workspace or the caller may not see it.

    ``open_buckets`` permits keys without limits to read every bucket, and so to grant one. ``this_month`` returns the
    first day of the current calendar month.
    """

    def __init__(
        self,
        database: Database,
        content: WorkspaceContent,
        sources: SourceBuckets,
        *,
        open_buckets: bool,
        max_workspaces: int,
        this_month: Callable[[], date],
    ) -> None:
        self._database = database
        self._content = content
        self._sources = sources
        self._open_buckets = open_buckets
        self._max_workspaces = max_workspaces
        self._this_month = this_month

    async def page(self, caller: Caller, page: PageRequest) -> tuple[list[Workspace], int]:
        """Return a page of the caller's workspaces, oldest first, and the number of all of them."""
        visible = None if caller.workspaces is None else sorted(caller.workspaces)
        async with self._database.snapshot() as tx:
            return (await queries.page(tx, visible, page.offset, page.size), await queries.count(tx, visible))

    async def create(self, actor: Actor, name: str, bucket_name: str | None) -> Workspace:
        """Create a workspace with its base project.

        Imports may read its bucket if the caller may read every bucket. Else the bucket is a mere name, until an
        operator grants it.

        Raises:
            WorkspaceNameTaken: a workspace of this name exists.
            TooManyWorkspaces: the limit is reached.
            WorkspaceNotFound: the caller's key is limited to workspaces of other names.
            InvalidRequest: the bucket is that of the managed storage.
        """
        if not actor.can_see(name):
            raise WorkspaceNotFound
        is_granted = actor.workspaces is None and self._open_buckets
        if is_granted and bucket_name is not None and await self._sources.is_managed(bucket_name):
            raise InvalidRequest(FieldProblem("bucketName", "is the bucket of the managed storage, which is no source"))
        async with self._database.transaction() as tx:
            await queries.lock_creation(tx)
            if await queries.find_id(tx, name) is not None:
                raise WorkspaceNameTaken
            if await queries.count(tx, None) >= self._max_workspaces:
                raise TooManyWorkspaces
            workspace = await queries.insert(tx, name, bucket_name, actor.user_name, bucket_is_granted=is_granted)
            if workspace is None:
                raise WorkspaceNameTaken
            if bucket_name is not None and not is_granted:
                _log.info("workspace.bucket_not_granted", workspace=name, bucket=bucket_name)
            await self._content.created(tx, workspace.workspace_id, actor.user_name)
            await record(tx, replace(actor.entry, workspace_name=name), created=name)
            return workspace

    async def get(self, caller: Caller, name: str) -> tuple[Workspace, int]:
        """Return a workspace and the number of analyses requested in it in the current calendar month."""
        async with self._database.transaction() as tx:
            found = await queries.find(tx, name) if caller.can_see(name) else None
            if found is None:
                raise WorkspaceNotFound
            return found, await queries.analyses_requested(tx, found.workspace_id, self._this_month())

    async def delete(self, actor: Actor, name: str) -> None:
        """Delete a workspace and everything below it. The users' own buckets are not touched.

        Raises:
            WorkspaceBusy: an analysis waits or runs in it.
        """
        async with self._database.transaction() as tx:
            workspace = await queries.lock(tx, name) if actor.can_see(name) else None
            if workspace is None:
                raise WorkspaceNotFound
            if await self._content.is_busy(tx, workspace):
                raise WorkspaceBusy
            await lock_persons(tx, workspace)
            await queries.delete(tx, workspace)
            await self._content.removed(tx)
            await record(tx, actor.entry)
