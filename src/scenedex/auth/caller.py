"""The authenticated caller of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.auth.keys import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request, and what they may see."""

    access_key: str
    user_name: str
    role: Role
    workspaces: frozenset[str] | None

    def may_see(self, workspace_name: str) -> bool:
        """Whether the workspace may exist for this caller; none has a name with NUL, which the database refuses."""
        return "\x00" not in workspace_name and (self.workspaces is None or workspace_name in self.workspaces)
