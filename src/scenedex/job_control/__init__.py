"""Jobs of all kinds as operators see them: list, cancel, retry and pause.

Called by `scenedex jobs`. Calls the operations of the slices whose rows the jobs serve.
"""

from scenedex.job_control.records import JobLine, JobName, JobState, Pause

__all__ = ["JobLine", "JobName", "JobState", "Pause"]
