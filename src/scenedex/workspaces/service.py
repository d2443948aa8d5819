"""The verbs of workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.workspaces import queries
from scenedex.workspaces.errors import TooManyWorkspaces, WorkspaceBusy, WorkspaceNameTaken, WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.wire.parsing import PageRequest
    from scenedex.workspaces.records import Workspace, WorkspaceId


class WorkspaceContent(Protocol):
    """What the slices above do when workspaces come and go."""

    async def created(self, tx: Transaction, workspace: WorkspaceId, user_name: str) -> None:
        """Furnish a new workspace."""
        ...

    async def is_busy(self, tx: Transaction, workspace: WorkspaceId) -> bool:
        """Whether an analysis waits or runs in it."""
        ...

    async def removed(self, tx: Transaction) -> None:
        """Rows went away in this transaction; see to their objects."""
        ...


async def visible_workspace(tx: Transaction, caller: Caller, name: str) -> WorkspaceId:
    """The id of the workspace that a request names.

    Raises:
        WorkspaceNotFound: there is none, or the caller may not see it.
    """
    found = await queries.find_id(tx, name) if caller.may_see(name) else None
    if found is None:
        raise WorkspaceNotFound
    return found


class Workspaces:
    """The workspaces in the database."""

    def __init__(
        self, database: Database, content: WorkspaceContent, *, most: int, this_month: Callable[[], date]
    ) -> None:
        self._database = database
        self._content = content
        self._most = most
        self._this_month = this_month

    async def page(self, caller: Caller, page: PageRequest) -> tuple[list[Workspace], int]:
        """One page of the caller's workspaces, oldest first, and how many there are."""
        visible = None if caller.workspaces is None else sorted(caller.workspaces)
        async with self._database.snapshot() as tx:
            return (
                await queries.page(tx, visible, page.offset, page.size),
                await queries.count(tx, visible),
            )

    async def create(self, caller: Caller, name: str, bucket_name: str | None) -> Workspace:
        """A new workspace with its base project.

        Raises:
            WorkspaceNameTaken: one of this name exists.
            TooManyWorkspaces: the limit is reached.
            WorkspaceNotFound: the caller's key is limited to workspaces of other names.
        """
        if not caller.may_see(name):
            raise WorkspaceNotFound
        async with self._database.transaction() as tx:
            await queries.lock_creation(tx)
            if await queries.find_id(tx, name) is not None:
                raise WorkspaceNameTaken
            if await queries.count(tx, None) >= self._most:
                raise TooManyWorkspaces
            workspace = await queries.insert(tx, name, bucket_name, caller.user_name)
            if workspace is None:
                raise WorkspaceNameTaken
            await self._content.created(tx, workspace.workspace_id, caller.user_name)
            tx.created = workspace.workspace_name
            return workspace

    async def get(self, caller: Caller, name: str) -> tuple[Workspace, int]:
        """A workspace, and how many analyses were requested in it this calendar month.

        Raises:
            WorkspaceNotFound: there is none, or the caller may not see it.
        """
        async with self._database.transaction() as tx:
            found = await queries.find(tx, name) if caller.may_see(name) else None
            if found is None:
                raise WorkspaceNotFound
            return found, await queries.analyses_requested(tx, found.workspace_id, self._this_month())

    async def delete(self, caller: Caller, name: str) -> None:
        """Remove a workspace and everything below it; the users' own buckets stay as they are.

        Raises:
            WorkspaceNotFound: there is none, or the caller may not see it.
            WorkspaceBusy: an analysis waits or runs in it.
        """
        async with self._database.transaction() as tx:
            workspace = await queries.lock(tx, name) if caller.may_see(name) else None
            if workspace is None:
                raise WorkspaceNotFound
            if await self._content.is_busy(tx, workspace):
                raise WorkspaceBusy
            await queries.lock_persons(tx, workspace)
            await queries.delete(tx, workspace)
            await self._content.removed(tx)
