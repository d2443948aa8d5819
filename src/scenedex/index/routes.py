"""Calls that read indexes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from litestar import get
from litestar.params import QueryParameter
from msgspec.structs import asdict

from scenedex.assets.errors import OF_ASSET
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.auth.caller import Caller
from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.errors import IndexNotReady
from scenedex.index.scene_schemas import SceneObject
from scenedex.index.schemas import INDEX, IndexHeadObject, IndexObject
from scenedex.index.service import Indexes
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.preconditions import Preconditions
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.index.records import Index

ConfidenceLevelName = Annotated[
    Literal["LOW", "MEDIUM", "HIGH"],
    QueryParameter(
        name="confidence_level",
        description="LOW shows more and less certain keywords, HIGH fewer and surer.",
        schema_extra={"examples": ["MEDIUM"]},
    ),
]


@get(
    ASSET + "/index",
    tags=["index"],
    operation_id="getIndex",
    summary="Get the index of an asset",
    responses=answers(INDEX, *OF_ASSET, IndexNotReady),
)
async def get_index(  # noqa: PLR0913, PLR0917  # each part of its path and query
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    preconditions: Injected[Preconditions],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    confidence_level: ConfidenceLevelName = "MEDIUM",
) -> Envelope[IndexObject]:
    """Return the latest analysis result. While another analysis runs, it is the former result."""
    path = asset_path(project_id, asset_id)
    level = ConfidenceLevel(confidence_level)
    on_revision = partial(preconditions.check, level, base_url, str(times.zone))
    index = await indexes.get(caller, workspace_name, *path, level, on_revision=on_revision)
    return Envelope(result=index_object(index, links, base_url, times))


def index_object(index: Index, links: Links, base_url: str, times: WireTime) -> IndexObject:
    """Convert an index, with URLs of its pictures."""
    urls = links.readable(sorted(set(_picture_keys(index))), base_url)
    scenes = [SceneObject.of(scene, urls) for scene in index.scenes]
    return IndexObject(
        **asdict(IndexHeadObject.of(index.head, times)),
        frame_rate=None if index.media is None else index.media.frame_rate,
        start_timecode=None if index.media is None else index.media.start_timecode,
        scenes=scenes,
    )


def _picture_keys(index: Index) -> Iterator[str]:
    for scene in index.scenes:
        yield scene.keyframe_key
        yield from (shot.keyframe_key for shot in scene.shots)
        yield from (person.thumbnail_key for person in scene.persons if person.thumbnail_key is not None)


routes = [get_index]
