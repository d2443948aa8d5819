"""Projects: list, create, read, rename and delete them, and find the one of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.projects import queries
from scenedex.projects.errors import BaseProjectFixed, ProjectBusy, ProjectNameTaken, ProjectNotFound, TooManyProjects
from scenedex.projects.notices import PROJECT_DELETED
from scenedex.projects.records import ProjectId
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.locks import lock_persons
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.projects.records import Project
    from scenedex.workspaces.records import WorkspaceId

BASE_PROJECT_NAME = "base"


class ProjectContent(Protocol):
    """Content of projects, which belongs to the slices above this one."""

    async def is_busy(self, tx: Transaction, project: ProjectId) -> bool:
        """Return whether an analysis waits or runs in the project."""
        ...

    async def removed(self, tx: Transaction) -> None:
        """Have the objects removed whose rows this transaction has deleted."""
        ...


place_of_project = queries.place


async def visible_project(
    tx: Transaction, caller: Caller, workspace_name: str, project_id: int, *, hold: bool = False
) -> ProjectId:
    """Return the id of the project that a request names, with one statement.

    With `hold` the project cannot be deleted until the end of the transaction.

    Raises:
        WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        ProjectNotFound: there is no such project in it.
    """
    if not caller.can_see(workspace_name):
        raise WorkspaceNotFound
    if hold and (held := await queries.lock_against_deletion(tx, workspace_name, ProjectId(project_id))) is not None:
        return ProjectId(held)
    workspace, project = await queries.locate(tx, workspace_name, ProjectId(project_id))
    if workspace is None:
        raise WorkspaceNotFound
    if project is None or hold:  # a project that is found but was not locked was created in between
        raise ProjectNotFound
    return ProjectId(project)


async def create_base_project(tx: Transaction, workspace: WorkspaceId, user_name: str) -> None:
    """Create the project that every workspace has."""
    await queries.insert(tx, workspace, BASE_PROJECT_NAME, user_name, is_base_project=True)


class Projects:
    """Projects in the database.

    Methods raise `WorkspaceNotFound` if there is no such workspace or the caller may not see it, and `ProjectNotFound`
    if there is no such project in it.

    ``max_projects`` is the maximum number of projects in a workspace.
    """

    def __init__(self, database: Database, content: ProjectContent, *, max_projects: int) -> None:
        self._database = database
        self._content = content
        self._max_projects = max_projects

    async def all(self, caller: Caller, workspace_name: str) -> list[Project]:
        """Return all projects of a workspace, oldest first."""
        async with self._database.transaction() as tx:
            return await queries.all_of(tx, await visible_workspace(tx, caller, workspace_name))

    async def create(self, actor: Actor, workspace_name: str, name: str) -> Project:
        """Create a project.

        Raises:
            ProjectNameTaken: a project of the workspace has this name.
            TooManyProjects: the limit is reached.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            if not await queries.lock_names(tx, workspace):
                raise WorkspaceNotFound
            if await queries.count(tx, workspace) >= self._max_projects:
                raise TooManyProjects
            created = await queries.insert(tx, workspace, name, actor.user_name, is_base_project=False)
            if created is None:
                raise ProjectNameTaken
            await record(tx, actor.entry, created=created.project_id)
            return created

    async def get(self, caller: Caller, workspace_name: str, project_id: int) -> Project:
        """Return a project."""
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = await queries.find(tx, workspace, ProjectId(project_id))
            if found is None:
                raise ProjectNotFound
            return found

    async def rename(self, actor: Actor, workspace_name: str, project_id: int, name: str) -> Project:
        """Rename a project. Its own name is accepted.

        Raises:
            BaseProjectFixed: it is the base project.
            ProjectNameTaken: another project of the workspace has this name.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            if not await queries.lock_names(tx, workspace):
                raise WorkspaceNotFound
            project = await self._editable(tx, workspace, project_id)
            if await queries.is_name_taken(tx, workspace, name, project.project_id):
                raise ProjectNameTaken
            await record(tx, actor.entry)
            return await queries.rename(tx, project.project_id, name, actor.user_name) or project

    async def delete(self, actor: Actor, workspace_name: str, project_id: int) -> None:
        """Delete a project with its assets and their indexes.

        Raises:
            BaseProjectFixed: it is the base project.
            ProjectBusy: an analysis waits or runs in it.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            project = await self._editable(tx, workspace, project_id)
            if await self._content.is_busy(tx, project.project_id):
                raise ProjectBusy
            await lock_persons(tx, workspace)
            await queries.delete(tx, project.project_id)
            await self._content.removed(tx)
            notice = Notice(PROJECT_DELETED, NoticeSubject(project_id=project.project_id))
            await record(tx, actor.entry, notice=notice)

    async def _editable(self, tx: Transaction, workspace: WorkspaceId, project_id: int) -> Project:
        project = await queries.lock(tx, workspace, ProjectId(project_id))
        if project is None:
            raise ProjectNotFound
        if project.is_base_project:
            raise BaseProjectFixed
        return project
