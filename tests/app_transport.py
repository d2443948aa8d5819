"""The app as a transport of the SDK, with the results of a worker."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

import httpx2
from anyio.from_thread import start_blocking_portal
from tests.conftest import Folder, Item, Service

from bulk_imports import run_bulk_import, run_watch
from index_samples import ENGINES, SCRIPT
from person_samples import ENGINE as FACE_ENGINE
from scenedex.app import create_app
from scenedex.index.service import publish
from scenedex.wiring import open_platform
from search_samples import Archive
from summary_samples import run as run_summary

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from anyio.from_thread import BlockingPortal
    from litestar.types import ASGIApp
    from tests.conftest import Site

    from scenedex.settings import Settings

NOT_THERE: Final = "none.mp4"
BROKEN: Final = "bad.mp4"
NO_FACE: Final = b"a landscape"
CROWDED: Final = b"a face in a crowd"
PICTURE_ENGINE: Final = "layout 1"


URL: Final = "https://mi.test"
_OF_THE_CODING: Final = ("content-encoding", "content-length")


class AppTransport(httpx2.BaseTransport):
    """Calls an app in the event loop of its connections, without a socket."""

    def __init__(self, app: ASGIApp, portal: BlockingPortal) -> None:
        self._app = httpx2.ASGITransport(cast("Any", app))  # both describe ASGI, with types of their own
        self._portal = portal

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        raw_path = request.extensions.get("target", request.url.raw_path)
        url = request.url.copy_with(raw_path=raw_path)
        sent = httpx2.Request(request.method, url, headers=request.headers, content=request.read())

        async def exchange() -> httpx2.Response:
            response = await self._app.handle_async_request(sent)
            content = await response.aread()  # decoded
            headers = [pair for pair in response.headers.multi_items() if pair[0] not in _OF_THE_CODING]
            return httpx2.Response(response.status_code, headers=headers, content=content)

        return self._portal.call(exchange)


@contextmanager
def serve_in_process(settings: Settings) -> Generator[tuple[Service, AppTransport]]:
    """Open a platform and call its app without a socket."""
    statements: list[str] = []
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(open_platform(settings, on_statement=statements.append)) as platform,
    ):
        transport = AppTransport(create_app(platform), portal)
        with httpx2.Client(base_url=URL, transport=transport) as client:
            yield Service(URL, platform, portal, client, statements), transport


@dataclass
class Worker(httpx2.BaseTransport):
    """Stub of a worker that ends the jobs of a request before its answer is returned.

    Attributes:
        site: workspace of the jobs.
        faces: face of each picture of a person, by its bytes.
        looks: vector of each picture to search with, by its bytes.
        is_idle: whether jobs wait.
    """

    app: httpx2.BaseTransport
    site: Site
    faces: Mapping[bytes, list[float]] = field(default_factory=dict[bytes, list[float]])
    looks: Mapping[bytes, list[float]] = field(default_factory=dict[bytes, list[float]])
    is_idle: bool = False
    _uploaded: bytes = b""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # The log of the app is no output of the command that calls it.
        with redirect_stdout(io.StringIO()):
            return self._answer(request)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        body, path = request.read(), request.url.path
        if request.method == "PUT":
            self._uploaded = body
        if self.is_idle or request.method != "POST":
            return self.app.handle_request(request)
        if path.endswith("/complete") and "/assets/" not in path:
            self._check_picture(json.loads(body), self._uploaded)
        response = self.app.handle_request(request)
        if response.is_success:
            self._work(path, response.json().get("result") or {})
        return response

    def _work(self, path: str, result: dict[str, Any]) -> None:
        if path.endswith("/assets/search"):
            Archive(self.site).run(result["searchId"])
        elif path.endswith("/scene-summary"):
            parts = path.split("/")
            run_summary(Item(Folder(self.site, int(parts[-4])), int(parts[-2])), result["sceneSummaryId"])
        elif path.endswith("/index"):
            parts = path.split("/")
            self.publish(int(parts[-4]), int(parts[-2]), result["indexId"])
        elif path.endswith("/imports"):
            run_bulk_import(self.site.service, result["importId"])
            self.import_all()
        elif path.endswith(("/watches", "/resume")) and "watchId" in result:
            run_watch(self.site.service, result["watchId"])
        elif "/assets/" in path and "assetId" in result:
            self.import_all()

    def import_all(self) -> None:
        """End all imports."""
        self.site.service.rows(
            """
            UPDATE assets
            SET import_status = CASE file_name WHEN %s THEN 'FILE_NOT_EXIST' WHEN %s THEN 'INVALID_METADATA'
                                ELSE 'COMPLETED' END,
                import_result = CASE file_name WHEN %s THEN 'No file' WHEN %s THEN 'Unsupported file format' END,
                format = 'mp4', width = 1280, height = 720, duration_ms = 25500, size_bytes = 1000000,
                managed_key = 'assets/x/source', source_etag = 'etag'
            WHERE import_status = 'IN_PROGRESS'
            """,
            *(NOT_THERE, BROKEN, NOT_THERE, BROKEN),
        )

    def publish(self, project_id: int, asset_id: int, index_id: int) -> None:
        """Publish an index of three scenes of a second, with a line each."""
        item = Item(Folder(self.site, project_id), asset_id)
        made = item.made_index(index_id, scenes=3)
        scenes = tuple(
            replace(
                scene,
                scripts=(
                    replace(
                        SCRIPT,
                        script_id=scene.scene_id,
                        text=f"Line {scene.scene_id}.",
                        start_ms=scene.start_ms,
                        end_ms=scene.end_ms,
                    ),
                ),
            )
            for scene in made.scenes
        )
        self.site.service.transact(lambda tx: publish(tx, replace(made, scenes=scenes, engines=ENGINES)))
        self.site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE index_id = %s", index_id)

    def _check_picture(self, body: dict[str, str], picture: bytes) -> None:
        service, key = self.site.service, body.get("thumbnailKey") or body["assetKey"]
        if picture == NO_FACE:
            statement = "UPDATE pictures SET state = 'FAILED', message = 'NO_FACE: no face' WHERE picture_key = %s"
            service.rows(statement, key)
            return
        object_key = f"pictures/{key}/picture.jpg"
        service.run(lambda: service.platform.managed.put(object_key, picture, "image/jpeg"))
        message = "taken was the largest face" if picture == CROWDED else None
        statement = "UPDATE pictures SET state = 'COMPLETED', object_key = %s, message = %s WHERE picture_key = %s"
        service.rows(statement, object_key, message, key)
        face = self.faces.get(picture, [1.0, 0.0])
        service.rows("INSERT INTO faces_of_pictures VALUES (%s, %s, %s::halfvec, 0.9)", key, FACE_ENGINE, str(face))
        if look := self.looks.get(picture):
            service.rows("INSERT INTO vectors_of_pictures VALUES (%s, %s, %s::halfvec)", key, PICTURE_ENGINE, str(look))
