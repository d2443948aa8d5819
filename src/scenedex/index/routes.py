"""Calls about indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from litestar import get
from litestar.params import QueryParameter

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.auth.caller import Caller
from scenedex.index.errors import IndexNotReady
from scenedex.index.schemas import INDEX, AnalysisSettingObject, EngineObject, IndexObject, SceneObject, ShotObject
from scenedex.index.service import Indexes
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.index.records import AnalysisSetting, Engine, Index, IndexedScene

ConfidenceLevel = Annotated[
    Literal["LOW", "MEDIUM", "HIGH"],
    QueryParameter(
        name="confidence_level", description="LOW shows more and less certain keywords, HIGH fewer and surer."
    ),
]


@get(
    ASSET + "/index",
    tags=["index"],
    operation_id="getIndex",
    summary="Get the index of an asset",
    responses=answers(
        Envelope[IndexObject], Envelope(result=INDEX), WorkspaceNotFound, ProjectNotFound, AssetNotFound, IndexNotReady
    ),
)
async def get_index(
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    confidence_level: ConfidenceLevel = "MEDIUM",
) -> Envelope[IndexObject]:
    """The latest analysis result; while another analysis runs, the former one."""
    del confidence_level  # Shots and scenes carry no keywords; the level takes effect on those.
    index = await indexes.get(caller, workspace_name, *asset_path(project_id, asset_id))
    keys = {scene.keyframe_key for scene in index.scenes}
    keys |= {shot.keyframe_key for scene in index.scenes for shot in scene.shots}
    return Envelope(result=_shape(index, links.readable(sorted(keys), base_url), times))


def setting_object(setting: AnalysisSetting, engines: tuple[Engine, ...] | None = None) -> AnalysisSettingObject:
    """The wire shape of an analysis's setting."""
    return AnalysisSettingObject(
        analysis_engine="scenedex",
        scene_range=setting.scene_range,
        min_scene_duration_sec=setting.min_scene_duration_sec,
        max_scene_duration_sec=setting.max_scene_duration_sec,
        analysis_person_count=setting.analysis_person_count,
        tag_id_list=None if setting.tag_id_list is None else list(setting.tag_id_list),
        source_language=setting.source_language,
        detect_audio_effects=setting.detect_audio_effects,
        engines=None
        if engines is None
        else [EngineObject(stage=e.stage, name=e.name, version=e.version, weights=e.weights) for e in engines],
    )


def _shape(index: Index, urls: Mapping[str, str], times: WireTime) -> IndexObject:
    head = index.head
    return IndexObject(
        index_id=head.index_id,
        type=head.type,
        created_time=times(head.created_time),
        created_user_name=head.created_user_name,
        updated_time=times(head.updated_time),
        updated_user_name=head.updated_user_name,
        analysis_setting=setting_object(index.setting, index.engines),
        scenes=[_scene(scene, urls) for scene in index.scenes],
    )


def _scene(scene: IndexedScene, urls: Mapping[str, str]) -> SceneObject:
    return SceneObject(
        scene_id=scene.scene_id,
        start_time_ms=scene.start_ms,
        end_time_ms=scene.end_ms,
        keyframe_url=urls[scene.keyframe_key],
        shots=[
            ShotObject(
                shot_id=shot.shot_id,
                start_time_ms=shot.start_ms,
                end_time_ms=shot.end_ms,
                keyframe_url=urls[shot.keyframe_key],
            )
            for shot in scene.shots
        ],
    )


routes = [get_index]
