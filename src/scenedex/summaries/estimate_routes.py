"""Call about the cost of a scene summary."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get
from litestar.params import QueryParameter

from scenedex.assets.errors import OF_ASSET
from scenedex.assets.routes import asset_path
from scenedex.auth.caller import Caller
from scenedex.index.errors import IndexNotReady
from scenedex.summaries.estimate_schemas import ESTIMATE, EstimateObject
from scenedex.summaries.estimates import SummaryEstimates
from scenedex.summaries.routes import SCENE_SUMMARY
from scenedex.wire.envelope import Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import is_integer
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers

_MAX_SCENES: Final = 1000
_MAX_DIGITS: Final = 9
SceneIdsText = Annotated[
    str | None,
    QueryParameter(
        name="sceneIds",
        description=f"Scenes to summarise: at most {_MAX_SCENES} ids, separated by commas. All scenes by default.",
        schema_extra={"examples": ["1,3"]},
    ),
]


def _scene_ids(text: str | None) -> list[int] | None:
    """Return the ids of a parameter.

    Raises:
        InvalidRequest: it is no list of ids, or has too many.
    """
    if text is None:
        return None
    ids = text.split(",")
    if not all(len(one) <= _MAX_DIGITS and is_integer(one) and int(one) > 0 for one in ids):
        raise InvalidRequest(FieldProblem("sceneIds", f"{text[:80]!r} must be ids of scenes, separated by commas"))
    if len(ids) > _MAX_SCENES:
        raise InvalidRequest(FieldProblem("sceneIds", f"must have at most {_MAX_SCENES} ids"))
    return [int(one) for one in ids]


@get(
    SCENE_SUMMARY + "/estimate",
    tags=["summaries"],
    operation_id="estimateSceneSummary",
    summary="Estimate the cost of a scene summary",
    responses=answers(ESTIMATE, *OF_ASSET, IndexNotReady),
)
async def estimate_summary(
    summary_estimates: Injected[SummaryEstimates],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    scene_ids: SceneIdsText = None,
) -> Envelope[EstimateObject]:
    """Estimate scenes, pictures, tokens, cost and duration of a scene summary of the latest index.

    An addition of Scenedex to the API. Nothing is requested and nothing is sent to a service.
    """
    path = asset_path(project_id, asset_id)
    found = await summary_estimates.of_asset(caller, workspace_name, *path, scene_ids=_scene_ids(scene_ids))
    return Envelope(result=EstimateObject.of(found))


routes = [estimate_summary]
