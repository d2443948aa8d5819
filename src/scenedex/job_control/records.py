"""Jobs and pauses as operators see them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.jobs import JobKind


class NoSuchJob(Exception):
    """There is no such job."""


class JobControlRefused(Exception):
    """Jobs of this kind do not support the command."""


class JobState(StrEnum):
    """State of a job. Only failed jobs have ended."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobName:
    """Name of a job by its row, such as ``analysis:12``. It stays the same however often the job is tried."""

    kind: JobKind
    subject: int

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.subject}"


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as operators see it.

    Attributes:
        asset_id: its asset, if it has one.
        stage: stage of a running analysis.
        since: time at which it entered its state, or was requested if it waits.
        tries: number of its starts.
        seconds_left: estimate of the seconds until it is done, if there is one.
        reason: why it failed, or why it waits.
    """

    name: JobName
    state: JobState
    workspace_name: str | None
    project_id: int | None
    asset_id: int | None
    file_name: str | None
    percent: int | None
    stage: str | None
    since: datetime | None
    tries: int
    seconds_left: float | None
    reason: str | None
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold on starting jobs of a kind and workspace. `None` means all of them."""

    kind: JobKind | None
    workspace_name: str | None
    since: datetime

    def holds(self, kind: JobKind | None, workspace_name: str | None) -> bool:
        """Return whether it holds any job of this kind and workspace back. `None` means all."""
        return (None in (kind, self.kind) or kind is self.kind) and (
            None in (workspace_name, self.workspace_name) or workspace_name == self.workspace_name
        )
