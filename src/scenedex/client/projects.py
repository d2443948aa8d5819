"""Projects of a workspace: list, create, get, rename, delete."""

from __future__ import annotations

from dataclasses import dataclass

from scenedex.client.answers import Project, ProjectList
from scenedex.client.connection import Call, Connection, target


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of one workspace. All methods raise NotFound if the workspace or project does not exist."""

    connection: Connection
    workspace: str

    def list(self) -> tuple[Project, ...]:
        """Return all projects, including the base project."""
        return self.connection.result(Call("GET", self._target()), ProjectList).projects

    def create(self, name: str) -> Project:
        """Create a project. ``name`` has 1-100 characters without semicolon, vertical bar and backtick.

        Raises:
            InvalidRequest: the name is not valid, or the workspace has the maximum number of projects.
            Conflict: the name is taken.
        """
        return self.connection.result(Call("POST", self._target(), {"name": name}, is_repeatable=False), Project)

    def get(self, project_id: int) -> Project:
        """Return a project."""
        return self.connection.result(Call("GET", self._target(project_id)), Project)

    def rename(self, project_id: int, name: str) -> Project:
        """Rename a project.

        Raises:
            InvalidRequest: the name is not valid, or the project is the base project.
            Conflict: the name is taken.
        """
        return self.connection.result(Call("PATCH", self._target(project_id), {"name": name}), Project)

    def delete(self, project_id: int) -> None:
        """Delete a project with its assets and indexes.

        Raises:
            InvalidRequest: the project is the base project.
            Conflict: an analysis runs in the project.
        """
        self.connection.run(Call("DELETE", self._target(project_id)))

    def _target(self, *ids: int) -> str:
        return target("workspaces", self.workspace, "projects", *ids)
