"""The verbs of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.projects import queries
from scenedex.projects.errors import (
    BaseProjectFixed,
    ProjectBusy,
    ProjectNameTaken,
    ProjectNotFound,
    TooManyProjects,
)
from scenedex.projects.records import ProjectId
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.locks import lock_persons
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.projects.records import Project
    from scenedex.workspaces.records import WorkspaceId

BASE_PROJECT_NAME = "base"


class ProjectContent(Protocol):
    """What the slices above do when a project goes."""

    async def is_busy(self, tx: Transaction, project: ProjectId) -> bool:
        """Whether an analysis waits or runs in it."""
        ...

    async def removed(self, tx: Transaction) -> None:
        """Rows went away in this transaction; see to their objects."""
        ...


async def visible_project(
    tx: Transaction, caller: Caller, workspace_name: str, project_id: int, *, hold: bool = False
) -> ProjectId:
    """The id of the project that a request names, in one query; with ``hold`` it stays until the transaction's end.

    Raises:
        WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        ProjectNotFound: there is no such project in it.
    """
    if not caller.may_see(workspace_name):
        raise WorkspaceNotFound
    if hold and (held := await queries.hold(tx, workspace_name, ProjectId(project_id))) is not None:
        return ProjectId(held)
    workspace, project = await queries.locate(tx, workspace_name, ProjectId(project_id))
    if workspace is None:
        raise WorkspaceNotFound
    if project is None or hold:  # with hold it has gone, or come, since the look before
        raise ProjectNotFound
    return ProjectId(project)


async def create_base_project(tx: Transaction, workspace: WorkspaceId, user_name: str) -> None:
    """The project that a workspace has from its first moment."""
    await queries.insert(tx, workspace, BASE_PROJECT_NAME, user_name, is_base_project=True)


class Projects:
    """The projects in the database."""

    def __init__(self, database: Database, content: ProjectContent, *, most: int) -> None:
        self._database = database
        self._content = content
        self._most = most

    async def all(self, caller: Caller, workspace_name: str) -> list[Project]:
        """All projects of a workspace, oldest first.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        """
        async with self._database.transaction() as tx:
            return await queries.all_of(tx, await visible_workspace(tx, caller, workspace_name))

    async def create(self, caller: Caller, workspace_name: str, name: str) -> Project:
        """A new project.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNameTaken: the workspace has one of this name.
            TooManyProjects: the limit is reached.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            if not await queries.lock_creation(tx, workspace):
                raise WorkspaceNotFound
            if await queries.count(tx, workspace) >= self._most:
                raise TooManyProjects
            created = await queries.insert(tx, workspace, name, caller.user_name, is_base_project=False)
            if created is None:
                raise ProjectNameTaken
            tx.created = created.project_id
            return created

    async def get(self, caller: Caller, workspace_name: str, project_id: int) -> Project:
        """A project.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = await queries.find(tx, workspace, ProjectId(project_id))
            if found is None:
                raise ProjectNotFound
            return found

    async def rename(self, caller: Caller, workspace_name: str, project_id: int, name: str) -> Project:
        """The project under another name; its own name is no change.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            BaseProjectFixed: it is the base project.
            ProjectNameTaken: another project of the workspace has this name.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            if not await queries.lock_creation(tx, workspace):
                raise WorkspaceNotFound
            project = await self._editable(tx, workspace, project_id)
            if await queries.is_name_taken(tx, workspace, name, project.project_id):
                raise ProjectNameTaken
            return await queries.rename(tx, project.project_id, name, caller.user_name) or project

    async def delete(self, caller: Caller, workspace_name: str, project_id: int) -> None:
        """Remove a project with its assets and their indexes.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            BaseProjectFixed: it is the base project.
            ProjectBusy: an analysis waits or runs in it.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            project = await self._editable(tx, workspace, project_id)
            if await self._content.is_busy(tx, project.project_id):
                raise ProjectBusy
            await lock_persons(tx, workspace)
            await queries.delete(tx, project.project_id)
            await self._content.removed(tx)

    async def _editable(self, tx: Transaction, workspace: WorkspaceId, project_id: int) -> Project:
        project = await queries.lock(tx, workspace, ProjectId(project_id))
        if project is None:
            raise ProjectNotFound
        if project.is_base_project:
            raise BaseProjectFixed
        return project
