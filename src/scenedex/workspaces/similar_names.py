"""Names of workspaces that resemble one that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from scenedex.workspaces.service import all_workspaces

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def absence_of(tx: Transaction, name: str) -> str | None:
    """Return a sentence that says that there is no such workspace, with similar names, or `None` if there is one."""
    names = [workspace.workspace_name for workspace in await all_workspaces(tx)]
    if name in names:
        return None
    similar = get_close_matches(name, names, n=3)
    hint = f" Names like it: {', '.join(similar)}." if similar else ""
    return f'There is no workspace "{name}".{hint}'
