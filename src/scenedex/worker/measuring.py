"""What a worker measures of its jobs, and under which name it reports."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scenedex.jobs.errors import GivenUp
from scenedex.metrics import timing

if TYPE_CHECKING:
    from scenedex.jobs import JobKind
    from scenedex.jobs.runner import JobHandler
    from scenedex.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Measured:
    """A handler whose runs are timed."""

    kind: JobKind
    handler: JobHandler
    metrics: Metrics

    async def run(self, subject: int) -> None:
        """See `JobHandler`."""
        with timing(partial(self.metrics.note_job, self.kind.value)):
            try:
                await self.handler.run(subject)
            except GivenUp:
                self.metrics.note_given_up(self.kind.value)
                raise


def new_name() -> str:
    """A name that no process has had; says to operators which one it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
