"""Inspection of the walls of this machine, by a media child that opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.media.child import run_in_child
from scenedex.media.control_groups import delegated_folder
from scenedex.media.errors import ChildFailed
from scenedex.media.source import NO_MEDIA
from scenedex.media.totals import can_be_watched
from scenedex.media.wall_names import WallName
from scenedex.media.walls import WALLS, Wall

if TYPE_CHECKING:
    from scenedex.media.limits import ChildLimits


class _NoParams(msgspec.Struct, frozen=True):
    pass


@dataclass(frozen=True, slots=True)
class Isolation:
    """Walls of media children on this machine.

    Attributes:
        standing: walls that are in force.
        missing: walls that are not.
        failure: reason why no child could be started, if none could.
    """

    standing: tuple[Wall, ...]
    missing: tuple[Wall, ...]
    failure: str = ""

    @property
    def missing_required(self) -> tuple[Wall, ...]:
        """Missing walls that `media.isolation = required` asks for."""
        return tuple(wall for wall in self.missing if wall.is_required)

    @property
    def problem(self) -> str | None:
        """Reason why a worker with `media.isolation = required` opens no media, or `None`."""
        if self.failure:
            return f"No process for media can be started: {self.failure}"
        if not self.missing_required:
            return None
        missing = ", ".join(wall.name for wall in self.missing_required)
        return f"media.isolation is required, and this machine lacks: {missing}. Run: scenedex doctor"


async def inspect_isolation(limits: ChildLimits) -> Isolation:
    """Start a child with these limits, and return the walls that it found around itself."""
    try:
        found = await run_in_child(
            "scenedex.media.walls_entry:name_walls", NO_MEDIA, _NoParams(), list[str], limits=limits
        )
    except ChildFailed as error:
        return Isolation((), WALLS, str(error))
    names = set(found)
    if can_be_watched():
        names.add(WallName.TOTALS)
    if delegated_folder() is not None:
        names.add(WallName.GROUP)
    return Isolation(
        tuple(wall for wall in WALLS if wall.name in names), tuple(wall for wall in WALLS if wall.name not in names)
    )
