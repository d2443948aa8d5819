"""Durable jobs: how the engine is set up and used.

A service defers a job in the transaction of the row that the job serves, by kind; a worker runs the handler
registered for that kind. Knows nothing of what the jobs do.
"""

from scenedex.jobs.queue import JobId, JobKind, JobQueue

__all__ = ["JobId", "JobKind", "JobQueue"]
