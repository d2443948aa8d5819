"""Steering jobs: what operators list, cancel, retry and pause, whatever the kind.

Called by the operators' command `scenedex jobs`. Ends and begins what a job serves by the verbs of its slice; knows
nothing of how the work is done.
"""

from scenedex.steering.records import JobLine, JobName, JobState, Pause
from scenedex.steering.service import Steering

__all__ = ["JobLine", "JobName", "JobState", "Pause", "Steering"]
