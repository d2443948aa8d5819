"""Errors by which a job ends or goes back into the queue. A docstring is the message."""

from __future__ import annotations


class Superseded(Exception):
    """The row of this job has ended, was removed, or belongs to a later attempt."""


class NotReady(Exception):
    """The machine, not the job, is at fault. The job goes back into the queue at once."""


class GivenUp(Exception):
    """The job has failed for good after all of its tries. Its row says why."""


class Unanswered(Exception):
    """No try of the job lived long enough to report how it went."""

    def __init__(self, tries: int) -> None:
        super().__init__(
            f"Given up: {tries} tries did not end. Their workers were killed, or sent no heartbeat for too long."
        )
