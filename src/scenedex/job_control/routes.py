"""Routes of the jobs of a workspace. They are additions to the API of the vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from litestar import get
from litestar.params import PathParameter, QueryParameter

from scenedex.audit.actor import Actor
from scenedex.audit.events import JOB_CANCELLED, JOB_RETRIED
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.job_control.errors import JobKindRefused, JobNotFound
from scenedex.job_control.records import JobName
from scenedex.job_control.schemas import JOB, JobList, JobNameObject, JobObject
from scenedex.job_control.workspace_jobs import WorkspaceJobs
from scenedex.jobs import JobKind
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import Injected, PageSize, WorkspaceName, answers, post
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from scenedex.job_control.records import JobLine

_JOBS = "/api/v1/workspaces/{workspace_name:str}/jobs"
_JOB = _JOBS + "/{job_name:str}"

JobNameText = Annotated[
    str,
    PathParameter(
        description="Name of the job.", schema_extra={"pattern": r"^[a-z_]+:\d+$", "examples": ["analysis:31"]}
    ),
]
ListedState = Annotated[
    Literal["LIVE", "FAILED"],
    QueryParameter(
        name="state",
        description="LIVE: jobs that run or wait. FAILED: failed imports, analyses, proxies and summaries.",
        schema_extra={"examples": ["LIVE"]},
    ),
]


@get(
    _JOBS,
    tags=["jobs"],
    operation_id="listJobs",
    summary="List jobs",
    responses=answers(JobList(jobs=[JOB]), WorkspaceNotFound),
)
async def list_jobs(
    workspace_jobs: Injected[WorkspaceJobs],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    state_filter: ListedState = "LIVE",
    page_size: PageSize = 200,
) -> Envelope[JobList]:
    """List the jobs of a workspace, with progress, estimates and reasons. An addition of Scenedex to the API."""
    read = workspace_jobs.live if state_filter == "LIVE" else workspace_jobs.failed
    found = await read(caller, workspace_name, page_size)
    return Envelope(result=JobList(jobs=[_object(one, times) for one in found]))


@post(
    _JOB + "/cancel",
    tags=["jobs"],
    operation_id="cancelJob",
    summary="Cancel a job",
    opt=event(JOB_CANCELLED),
    responses=answers(Done(), WorkspaceNotFound, JobNotFound, JobKindRefused),
)
async def cancel_job(
    workspace_jobs: Injected[WorkspaceJobs],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    job_name: JobNameText,
) -> Done:
    """End a job that runs or waits. An addition of Scenedex to the API."""
    await workspace_jobs.cancel(actor, workspace_name, _parse(job_name))
    return Done()


@post(
    _JOB + "/retry",
    tags=["jobs"],
    operation_id="retryJob",
    summary="Retry a job",
    opt=event(JOB_RETRIED),
    responses=answers(JobNameObject(job_name="analysis:32"), WorkspaceNotFound, JobNotFound, JobKindRefused),
)
async def retry_job(
    workspace_jobs: Injected[WorkspaceJobs],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    job_name: JobNameText,
) -> Envelope[JobNameObject]:
    """Start a failed import, analysis, proxy or summary again. An addition of Scenedex to the API."""
    again = await workspace_jobs.retry(actor, workspace_name, _parse(job_name))
    return Envelope(result=JobNameObject(job_name=str(again)))


def _parse(text: str) -> JobName:
    kind, _, subject = text.partition(":")
    if kind not in set(JobKind) or not subject.isdecimal() or len(subject) > len(str(2**63)) - 1:
        raise JobNotFound
    return JobName(JobKind(kind), int(subject))


def _object(one: JobLine, times: WireTime) -> JobObject:
    return JobObject(
        job_name=str(one.name),
        kind=one.name.kind.value,
        state=one.state.name,
        project_id=one.project_id,
        asset_id=one.asset_id,
        file_name=one.file_name,
        percent=one.percent,
        stage=one.stage,
        since=None if one.since is None else times.in_seconds(one.since),
        tries=one.tries,
        seconds_left=None if one.seconds_left is None else round(one.seconds_left),
        reason=one.reason,
        trace_id=one.trace_id,
    )


routes = [list_jobs, cancel_job, retry_job]
