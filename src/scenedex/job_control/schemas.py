"""Wire shapes of jobs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire.envelope import Wire


class JobObject(Wire, frozen=True, kw_only=True):
    """A job. An addition of Scenedex to the API."""

    job_name: Annotated[str, Meta(description="Name of the job: its kind and a number", examples=["analysis:31"])]
    kind: Annotated[str, Meta(description="Kind of the job", examples=["analysis"])]
    state: Annotated[
        Literal["RUNNING", "WAITING", "PAUSED", "FAILED"], Meta(description="State of the job", examples=["RUNNING"])
    ]
    project_id: Annotated[int, Meta(description="Project of the asset", examples=[1234])] | None = None
    asset_id: Annotated[int, Meta(description="Asset that the job serves", examples=[1001])] | None = None
    file_name: Annotated[str, Meta(description="File name of the asset", examples=["sample-video.mp4"])] | None = None
    percent: Annotated[int, Meta(ge=0, le=100, description="Progress", examples=[40])] | None = None
    stage: Annotated[str, Meta(description="Stage of an analysis that runs", examples=["visual"])] | None = None
    since: Annotated[str, Meta(description="Time of the present state, or of the request if it waits")] | None = None
    tries: Annotated[int, Meta(description="Number of its starts", examples=[1])]
    seconds_left: Annotated[int, Meta(description="Estimated seconds until its end", examples=[95])] | None = None
    reason: (
        Annotated[str, Meta(description="Why it failed, or why it waits", examples=["tried again at 16:50:10"])] | None
    ) = None
    trace_id: Annotated[str, Meta(description="Trace id of its request, which its log lines have")] | None = None


class JobList(Wire, frozen=True, kw_only=True):
    """Jobs of a workspace."""

    jobs: Annotated[list[JobObject], Meta(description="Running ones first, or the latest failure first")]


class JobNameObject(Wire, frozen=True, kw_only=True):
    """Name of a job."""

    job_name: Annotated[str, Meta(description="Name of the job", examples=["analysis:32"])]


JOB = JobObject(
    job_name="analysis:31",
    kind="analysis",
    state="RUNNING",
    project_id=1234,
    asset_id=1001,
    file_name="sample-video.mp4",
    percent=40,
    stage="visual",
    since="2025-04-23T16:49:24",
    tries=1,
    seconds_left=95,
    trace_id="9f1c5a7e2b4d4f0e8a6b3c1d5e7f9a0b",
)
