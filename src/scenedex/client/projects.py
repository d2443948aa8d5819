"""Projects of a workspace: list, create, get, rename, delete."""

from __future__ import annotations

from scenedex.client.answers import Project, ProjectList
from scenedex.client.connection import Call, WorkspaceCalls


class Projects(WorkspaceCalls):
    """The projects of one workspace. All methods raise NotFound if the workspace or project does not exist."""

    _path = ("projects",)

    def list(self) -> tuple[Project, ...]:
        """Return all projects, including the base project."""
        return self._call("GET", ProjectList).projects

    def create(self, name: str) -> Project:
        """Create a project. ``name`` has 1-100 characters without semicolon, vertical bar and backtick.

        Raises:
            InvalidRequest: the name is not valid, or the workspace has the maximum number of projects.
            Conflict: the name is taken.
        """
        return self._call("POST", Project, body={"name": name}, is_repeatable=False)

    def get(self, project_id: int) -> Project:
        """Return a project."""
        return self._call("GET", Project, project_id)

    def rename(self, project_id: int, name: str) -> Project:
        """Rename a project.

        Raises:
            InvalidRequest: the name is not valid, or the project is the base project.
            Conflict: the name is taken.
        """
        return self._call("PATCH", Project, project_id, body={"name": name})

    def delete(self, project_id: int) -> None:
        """Delete a project with its assets and indexes.

        Raises:
            InvalidRequest: the project is the base project.
            Conflict: an analysis runs in the project.
        """
        self.connection.run(Call("DELETE", self._target(project_id)))
