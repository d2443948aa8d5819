"""Walls around the media children of this worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import structlog

from scenedex.media.inspection import inspect_isolation

if TYPE_CHECKING:
    from scenedex.media.limits import ChildLimits

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")


@dataclass(frozen=True, slots=True)
class WallInspection:
    """Inspects the walls of this machine, and logs them in one line.

    Attributes:
        asked: the setting `media.isolation`.
        limits: limits of the process that is started for it.
    """

    asked: Literal["required", "available"]
    limits: ChildLimits

    async def __call__(self) -> str | None:
        """Return the reason why this worker may open no media, or `None`."""
        isolation = await inspect_isolation(self.limits)
        log = _log.info if isolation.problem is None else _log.warning
        log(
            "worker.isolation",
            asked=self.asked,
            standing=[str(wall.name) for wall in isolation.standing],
            missing={str(wall.name): wall.open_without for wall in isolation.missing},
        )
        return isolation.problem if self.asked == "required" else None
