"""Durable jobs: how the engine is set up and used.

A service defers a job in the transaction of the row that the job serves, by kind; a worker runs the handler
registered for that kind. Knows nothing of what the jobs do.
"""

from scenedex.jobs.kinds import JobKind
from scenedex.jobs.queue import JobId, JobQueue, Work

__all__ = ["JobId", "JobKind", "JobQueue", "Work"]
