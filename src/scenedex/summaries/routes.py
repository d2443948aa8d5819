"""Calls about scene summaries."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get

from scenedex.assets.errors import OF_ASSET, AssetBusy
from scenedex.assets.routes import ASSET, asset_path
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.index.errors import IndexNotReady
from scenedex.summaries.errors import (
    SummaryAlreadyRunning,
    SummaryLimitReached,
    SummaryNotComplete,
    SummaryNotFound,
    SummaryNotRunning,
)
from scenedex.summaries.schemas import (
    MAX_CHOSEN_SCENES,
    REQUEST_SUMMARY,
    SUMMARIES,
    SUMMARY_RUN,
    SUMMARY_STATUS,
    RequestSummary,
    SummariesObject,
    SummaryRunObject,
    SummaryStatusObject,
)
from scenedex.summaries.service import Summaries
from scenedex.summaries.use import Prices
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers, json_body, post

SCENE_SUMMARY: Final = ASSET + "/scene-summary"
REFUSALS: Final = (*OF_ASSET, IndexNotReady, AssetBusy, SummaryAlreadyRunning, SummaryNotComplete, SummaryLimitReached)
"""Errors of a request for a scene summary."""

ALL_SCENES: Final = RequestSummary()
"""Request without a body."""


def chosen_scenes(data: RequestSummary) -> list[int] | None:
    """Return the chosen scenes of a request, or `None` for all.

    Raises:
        InvalidRequest: there are none, or too many.
    """
    if data.scene_ids is not None and not 1 <= len(data.scene_ids) <= MAX_CHOSEN_SCENES:
        reason = f"must have 1 to {MAX_CHOSEN_SCENES} scenes. Leave it out to summarise all scenes"
        raise InvalidRequest(FieldProblem("sceneIds", reason))
    return data.scene_ids


@post(
    SCENE_SUMMARY,
    tags=["summaries"],
    operation_id="requestSceneSummary",
    summary="Request a scene summary",
    opt=event("Request Scene Summary"),
    responses=answers(SUMMARY_RUN, *REFUSALS),
)
async def request_summary(
    summaries: Injected[Summaries],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    data: Annotated[RequestSummary, json_body(REQUEST_SUMMARY)] = ALL_SCENES,
) -> Envelope[SummaryRunObject]:
    """Request text about each scene of the latest index. Former summaries are served until it has completed."""
    path = asset_path(project_id, asset_id)
    run = await summaries.request(actor, workspace_name, *path, scene_ids=chosen_scenes(data), locale=data.locale)
    return Envelope(result=SummaryRunObject.of(run, times))


@get(
    SCENE_SUMMARY + "/status",
    tags=["summaries"],
    operation_id="getSceneSummaryStatus",
    summary="Get the status of a scene summary",
    responses=answers(SUMMARY_STATUS, *OF_ASSET),
)
async def get_summary_status(
    summaries: Injected[Summaries],
    caller: Injected[Caller],
    times: Injected[WireTime],
    prices: Injected[Prices],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[SummaryStatusObject]:
    """Return the status of the latest scene summary of the latest index."""
    run = await summaries.latest(caller, workspace_name, *asset_path(project_id, asset_id))
    return Envelope(result=SummaryStatusObject.of(run, times, prices))


@get(
    SCENE_SUMMARY,
    tags=["summaries"],
    operation_id="getSceneSummary",
    summary="Get the summaries of the scenes of an asset",
    responses=answers(SUMMARIES, *OF_ASSET, SummaryNotFound),
)
async def get_summary(
    summaries: Injected[Summaries],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[SummariesObject]:
    """Return the summaries of the scenes. While another scene summary runs, they are the former ones."""
    found = await summaries.get(caller, workspace_name, *asset_path(project_id, asset_id))
    return Envelope(result=SummariesObject.of(found, times))


@post(
    SCENE_SUMMARY + "/cancel",
    tags=["summaries"],
    operation_id="cancelSceneSummary",
    summary="Cancel a scene summary",
    opt=event("Cancel Scene Summary"),
    responses=answers(Done(), *OF_ASSET, SummaryNotRunning),
)
async def cancel_summary(
    summaries: Injected[Summaries],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Done:
    """Stop a scene summary that waits or runs. Former summaries stay."""
    await summaries.cancel(actor, workspace_name, *asset_path(project_id, asset_id))
    return Done()


routes = [request_summary, get_summary_status, get_summary, cancel_summary]
