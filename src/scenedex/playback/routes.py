"""Routes of playback. They are additions to the API of the vendor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request, Response, get
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import QueryParameter
from litestar.response import Redirect

from scenedex.assets.errors import OF_ASSET, ObjectGone
from scenedex.assets.links import Links
from scenedex.assets.object_answers import ranged_answer
from scenedex.assets.routes import ASSET, asset_path
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.index.previews import IndexPreview
from scenedex.playback.browsers import CONTENT_TYPES
from scenedex.playback.errors import MediaNotStored, ProxyNotFound
from scenedex.playback.records import MediaVersion, PlayableFile, Playback, Proxy
from scenedex.playback.schemas import PLAYBACK, PlaybackAnswer, PlaybackObject, ProxyObject, StripObject, WaveformObject
from scenedex.playback.service import Playbacks
from scenedex.storage.store import ManagedStore
from scenedex.wire.envelope import Envelope
from scenedex.wire.methods import sent_method
from scenedex.wire.routing import (
    NO_SNIFFING,
    AssetIdText,
    Injected,
    ProjectIdText,
    WorkspaceName,
    answers,
    delete,
    post,
)

Version = Annotated[
    MediaVersion | None,
    QueryParameter(
        name="of",
        description="original: the imported file, to be saved. proxy: the version that was made for browsers. By "
        "default, the one that plays.",
        schema_extra={"examples": ["original"]},
    ),
]
_BYTES: Final = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
# A player asks for ranges of one file many times, with different redirects.
_NOT_STORED: Final = {"cache-control": "no-store"}


@dataclass
class MediaOperation(Operation):
    """OpenAPI description of the call that answers with a media file, for which the framework has no place."""

    def __post_init__(self) -> None:
        """Describe the file."""
        responses = self.responses or {}
        content = {kind: OpenAPIMediaType(schema=_BYTES) for kind in sorted(CONTENT_TYPES.values())}
        responses["200"] = OpenAPIResponse(description="The file", content=content)
        responses["206"] = OpenAPIResponse(description="The range that the header Range requests", content=content)
        responses["302"] = OpenAPIResponse(description="A presigned URL of the file, if the storage is S3")
        responses["304"] = OpenAPIResponse(description="The client has the file")
        responses["416"] = OpenAPIResponse(description="The range starts after the end of the file")
        self.responses = responses


@get(
    ASSET + "/playback",
    tags=["assets"],
    operation_id="getPlayback",
    summary="Get how an asset plays in browsers",
    responses=answers(PLAYBACK, *OF_ASSET),
)
async def get_playback(
    playbacks: Injected[Playbacks],
    caller: Injected[Caller],
    server_url: Injected[str],
    links: Injected[Links],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[PlaybackAnswer]:
    """Return which file of an asset plays in browsers, or what keeps it from playing.

    An addition of Scenedex to the API.
    """
    path = asset_path(project_id, asset_id)
    found = await playbacks.get(caller, workspace_name, *path)
    shown = _answer(found, server_url, workspace_name, *path)
    return Envelope(result=_with_preview(shown, found.preview, links, base_url))


@post(
    ASSET + "/playback",
    tags=["assets"],
    operation_id="requestProxy",
    summary="Request a version of an asset that browsers play",
    opt=event("Request Playback Proxy"),
    responses=answers(PLAYBACK, *OF_ASSET, MediaNotStored),
)
async def request_proxy(
    playbacks: Injected[Playbacks],
    actor: Injected[Actor],
    server_url: Injected[str],
    links: Injected[Links],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[PlaybackAnswer]:
    """Have a worker make a proxy, unless the asset has one. One that failed is made again.

    An addition of Scenedex to the API.
    """
    path = asset_path(project_id, asset_id)
    found = await playbacks.request(actor, workspace_name, *path)
    shown = _answer(found, server_url, workspace_name, *path)
    return Envelope(result=_with_preview(shown, found.preview, links, base_url))


@delete(
    ASSET + "/playback",
    tags=["assets"],
    operation_id="deleteProxy",
    summary="Delete the version of an asset that was made for browsers",
    opt=event("Delete Playback Proxy"),
    responses=answers(PLAYBACK, *OF_ASSET, ProxyNotFound),
)
async def delete_proxy(
    playbacks: Injected[Playbacks],
    actor: Injected[Actor],
    server_url: Injected[str],
    links: Injected[Links],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[PlaybackAnswer]:
    """Delete the proxy of an asset with its file, or stop making it. The imported file stays.

    An addition of Scenedex to the API.
    """
    path = asset_path(project_id, asset_id)
    found = await playbacks.delete_proxy(actor, workspace_name, *path)
    shown = _answer(found, server_url, workspace_name, *path)
    return Envelope(result=_with_preview(shown, found.preview, links, base_url))


@get(
    ASSET + "/media",
    tags=["assets"],
    operation_id="getMedia",
    operation_class=MediaOperation,
    summary="Get the media file of an asset",
    # The operation describes the file.
    responses=answers(msgspec.Struct(), *OF_ASSET, MediaNotStored, ObjectGone, shape=str),
)
async def get_media(
    request: Request[Any, Any, Any],
    playbacks: Injected[Playbacks],
    managed: Injected[ManagedStore],
    links: Injected[Links],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    version: Version = None,
) -> Response[Any]:
    """Return the bytes of an asset, or the range that the header Range requests.

    If the storage is S3, the answer redirects to a presigned URL. An addition of Scenedex to the API.
    """
    file = await playbacks.file(caller, workspace_name, *asset_path(project_id, asset_id), version)
    saved = {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.file_name, safe='')}"}
    headers = saved if version == "original" else {}
    if (url := links.of_storage(file.key, file.content_type, file.file_name if headers else None)) is None:
        return await ranged_answer(request, managed, file.key, file.content_type, headers)
    if sent_method(request.scope) == "HEAD":
        # The URL is signed for GET alone.
        return _head(file, headers)
    return Redirect(url, status_code=302, headers=_NOT_STORED)


def _head(file: PlayableFile, headers: dict[str, str]) -> Response[bytes]:
    length = {"content-length": str(file.size_bytes), "accept-ranges": "bytes"}
    return Response(b"", media_type=file.content_type, headers={**length, **NO_SNIFFING, **headers})


def _answer(found: Playback, server_url: str, workspace_name: str, project_id: int, asset_id: int) -> PlaybackAnswer:
    media, proxy, version = found.media, found.proxy, found.version
    path = f"/api/v1/workspaces/{quote(workspace_name, safe='')}/projects/{project_id}/assets/{asset_id}"
    address = f"{urlsplit(server_url).path}{path}/media"
    content_types = {
        "original": None if media.format is None else CONTENT_TYPES[media.format],
        "proxy": None if proxy is None else proxy.content_type,
    }
    shown = PlaybackObject(
        source=found.source,
        status=found.status,
        reason=found.reason,
        media_url=None if version is None else f"{address}?of={version}",
        content_type=None if version is None else content_types[version],
        duration_ms=media.duration_ms or 0,
        frame_rate=media.frame_rate,
        start_timecode=media.start_timecode,
        width=media.width,
        height=media.height,
        has_sound=found.has_sound,
        proxy=None if proxy is None else _proxy(proxy),
    )
    return PlaybackAnswer(playback=shown)


def _with_preview(answer: PlaybackAnswer, preview: IndexPreview | None, links: Links, base_url: str) -> PlaybackAnswer:
    """Add the strip and the waveform of an index."""
    if preview is None:
        return answer
    strip = waveform = None
    if preview.strip_key is not None:
        strip = StripObject(
            url=links.readable([preview.strip_key], base_url)[preview.strip_key],
            columns=preview.strip_columns or 1,
            rows=preview.strip_rows or 1,
            tile_width=preview.tile_width or 1,
            tile_height=preview.tile_height or 1,
            times_ms=preview.times_ms or [],
        )
    if preview.peaks is not None and preview.peaks_per_second is not None:
        waveform = WaveformObject(peaks_per_second=preview.peaks_per_second, peaks=list(preview.peaks))
    return PlaybackAnswer(playback=msgspec.structs.replace(answer.playback, strip=strip, waveform=waveform))


def _proxy(proxy: Proxy) -> ProxyObject:
    return ProxyObject(
        status=proxy.status,
        reason=proxy.reason,
        progress_percent=proxy.percent,
        content_type=proxy.content_type,
        width=proxy.width,
        height=proxy.height,
        size_bytes=proxy.size_bytes,
    )


routes = [get_playback, request_proxy, delete_proxy, get_media]
