"""Durable jobs on Procrastinate: deferring, fair turns, attempts, takeover. The only package that knows its tables.

A service defers a job in the transaction of the row that the job serves. A worker runs the handler of the job's kind.
This package does not know what handlers do.
"""

from scenedex.jobs.kinds import JobKind

__all__ = ["JobKind"]
