"""Steering jobs of all kinds: operators list, cancel, retry and pause them.

Called by `scenedex jobs`. Uses the verbs of the slices whose rows the jobs serve, and does not know how work is done.
"""

from scenedex.steering.records import JobLine, JobName, JobState, Pause

__all__ = ["JobLine", "JobName", "JobState", "Pause"]
