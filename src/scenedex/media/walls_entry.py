"""Entry point in the child process that names the walls in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia


def name_walls(opened: OpenedMedia, _params: bytes) -> list[str]:
    """Return the names of the walls of this process that are in force."""
    return sorted(opened.walls)
