"""Authenticated caller of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.auth.keys import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """User and access key of a request, with role and visible workspaces.

    Attributes:
        session_id: session of the console whose cookie the request has, or `None` if the key signed it.
    """

    access_key: str
    user_name: str
    role: Role
    workspaces: frozenset[str] | None
    session_id: int | None = None

    def can_see(self, workspace_name: str) -> bool:
        """Return whether the key covers a workspace of this name."""
        # The database refuses NUL, so no workspace has it in its name.
        return "\x00" not in workspace_name and (self.workspaces is None or workspace_name in self.workspaces)
