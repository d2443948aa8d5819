"""Report of the walls around the media children of this worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from scenedex.media.inspection import Isolation

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")


def log_isolation(isolation: Isolation) -> None:
    """Log the walls in one line: a warning if one that is required is missing."""
    log = _log.warning if isolation.problem else _log.info
    log(
        "worker.isolation",
        standing=[str(wall.name) for wall in isolation.standing],
        missing=[str(wall.name) for wall in isolation.missing],
        **({"reason": isolation.problem} if isolation.problem else {}),
    )
