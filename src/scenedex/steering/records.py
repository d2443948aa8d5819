"""What the slice talks about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.jobs import JobKind


class NoSuchJob(Exception):
    """There is no such job."""


class CannotSteer(Exception):
    """The job cannot be dealt with like that."""


class JobState(StrEnum):
    """Where a job is. Only failed ones are over."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobName:
    """A job by what it is done to, as in ``analysis:12``: it stays the same however often the job is tried."""

    kind: JobKind
    subject: int

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.subject}"


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as operators see it.

    Attributes:
        about: name of the file, where the job is about one.
        percent: how far it has come, where that is known.
        stage: of an analysis that runs.
        since: when it came into its state; for waiting ones when it was asked for.
        tries: how often it was begun.
        seconds_left: until it will be done, as far as that can be foretold.
        reason: why it failed, or waits until later.
        trace_id: of the request that asked for it.
    """

    name: JobName
    state: JobState
    workspace_name: str | None
    project_id: int | None
    asset_id: int | None
    about: str | None
    percent: int | None
    stage: str | None
    since: datetime | None
    tries: int
    seconds_left: float | None
    reason: str | None
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Jobs that are not begun for now: of all kinds, or of all workspaces, where there is None."""

    kind: JobKind | None
    workspace_name: str | None
    since: datetime

    def holds(self, kind: JobKind | None, workspace_name: str | None) -> bool:
        """Whether any of these jobs are not begun; None: jobs of all kinds, of all workspaces."""
        return (None in (kind, self.kind) or kind is self.kind) and (
            None in (workspace_name, self.workspace_name) or workspace_name == self.workspace_name
        )
