"""Taking the next job: workspaces take turns, and none has more at work than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from procrastinate.jobs import Job
from procrastinate.manager import JobManager

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from procrastinate.connector import BaseConnector

    from scenedex.jobs.kinds import JobKind

# The function has the rules; the statement of the engine knows only the order of priorities.
_NEXT: Final = "SELECT found.* FROM next_job(%(kind)s, %(worker_id)s, %(most)s) AS found"


class FairJobManager(JobManager):
    """The engine's access to its tables, with our choice of the next job.

    Args:
        connector: the engine's connections.
        most_of_workspace: jobs of one workspace at work at a time, by kind; no limit where a kind is missing.
    """

    def __init__(self, connector: BaseConnector, most_of_workspace: Mapping[JobKind, int]) -> None:
        super().__init__(connector)
        self._most = {kind.value: most for kind, most in most_of_workspace.items()}

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job of the queues, which is the worker's from then on; None where there is none to be had."""
        for kind in queues or ():
            row = await self.connector.execute_query_one_async(
                query=_NEXT, kind=kind, worker_id=worker_id, most=self._most.get(kind, 0)
            )
            if row["id"] is not None:
                return Job.from_row(row)
        return None
