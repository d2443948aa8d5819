"""Port for the state of a worker's machine."""

from __future__ import annotations

from typing import Protocol


class Readiness(Protocol):
    """State of a worker's machine: its storage and its disks."""

    @property
    def is_ready(self) -> bool:
        """Return whether jobs that need storage and disks may be started."""
        return True

    async def explain(self, error: Exception) -> str | None:
        """Return the problem of this machine that explains an error, or `None` if the job is at fault."""
        del error
        return None


class AlwaysReady(Readiness):
    """`Readiness` of a machine that is not examined."""
