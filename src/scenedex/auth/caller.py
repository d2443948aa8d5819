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
        """Whether the workspace exists for this caller."""
        return self.workspaces is None or workspace_name in self.workspaces
