"""Projects of a workspace: list, create, get, rename, delete."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from scenedex.client.answers import Project, ProjectList
from scenedex.client.connection import Call, Connection
from scenedex.client.targets import target


class _Named(msgspec.Struct, frozen=True):
    name: str


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of one workspace; every method raises NotFound when there is no such workspace or project."""

    connection: Connection
    workspace: str

    def list(self) -> tuple[Project, ...]:
        """All projects, the base project included; a workspace holds at most 1000."""
        return self.connection.ask(Call("GET", self._target()), ProjectList).projects

    def create(self, name: str) -> Project:
        """A project; ``name`` is 1-100 characters without ``;``, ``|`` and the backtick.

        Raises:
            InvalidRequest: the name is not usable, or the workspace is full.
            Conflict: the name is taken.
        """
        return self.connection.ask(Call("POST", self._target(), _Named(name), is_repeatable=False), Project)

    def get(self, project_id: int) -> Project:
        """One project."""
        return self.connection.ask(Call("GET", self._target(project_id)), Project)

    def rename(self, project_id: int, name: str) -> Project:
        """The project under its next name.

        Raises:
            InvalidRequest: the name is not usable, or it is the base project.
            Conflict: the name is taken.
        """
        return self.connection.ask(Call("PATCH", self._target(project_id), _Named(name)), Project)

    def delete(self, project_id: int) -> None:
        """Removes a project with its assets and indexes.

        Raises:
            InvalidRequest: it is the base project.
            Conflict: an analysis runs in it.
        """
        self.connection.tell(Call("DELETE", self._target(project_id)))

    def _target(self, *ids: int) -> str:
        return target("api", "v1", "workspaces", self.workspace, "projects", *ids)
