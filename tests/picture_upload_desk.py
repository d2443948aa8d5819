"""Helpers for uploaded pictures in a service that has no worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from scenedex.engines.registry import EngineRegistry
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.pictures.checks import PictureCheckHandler
from scenedex.worker import picture_check_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Service, Site

    from scenedex.jobs.runner import JobHandler
    from scenedex.settings import Settings
    from scenedex.storage.store import ManagedStore


@dataclass(frozen=True)
class Calls:
    """Wire format of the calls about pictures of one purpose.

    Attributes:
        path: path of both calls, below a workspace or below the root.
        body: body of the request for a place.
        key: field of the answer with the key.
        url: field of the answer with the URL.
        completed: field of the completion with the key.
    """

    path: str
    body: Mapping[str, str]
    key: str
    url: str
    completed: str


THUMBNAILS: Final = Calls(
    "/person-thumbnail/uploads", {"thumbnailFileName": "portrait.jpg"}, "thumbnailKey", "url", "thumbnailKey"
)
QUERY_ASSETS: Final = Calls(
    "/api/v1/query-assets/uploads",
    {"assetType": "IMAGE", "assetFileName": "harbour.jpg"},
    "assetFileKey",
    "presignedUploadUrl",
    "assetKey",
)


@dataclass(frozen=True)
class Desk:
    """Workspace, and operations on pictures of one purpose in it."""

    site: Site
    calls: Calls = THUMBNAILS

    @property
    def service(self) -> Service:
        return self.site.service

    @property
    def _path(self) -> str:
        return self.calls.path if self.calls.path.startswith("/api/") else self.site.path + self.calls.path

    def place(self) -> str:
        """Open a place to upload to and return its key."""
        return self.opened()[self.calls.key]

    def opened(self) -> dict[str, Any]:
        """Open a place to upload to and return the answer."""
        opened = self.site.api("POST", f"{self._path}/presigned-url", self.calls.body)
        assert opened.status_code == 200, opened.text
        return opened.json()["result"]

    def ask(self, key: str) -> dict[str, Any]:
        """Return the result of the completion, which is empty while the check waits."""
        return self.site.api("POST", f"{self._path}/complete", {self.calls.completed: key}).json().get("result", {})

    def waiting(self, content: bytes) -> tuple[str, int]:
        """Upload a picture whose check waits for a worker and return its key and id."""
        upload = self.opened()
        assert self.service.client.put(upload[self.calls.url], content=content).status_code == 200
        key = upload[self.calls.key]
        assert self.ask(key) == {}
        return key, self.picture_id(key)

    def picture_id(self, key: str) -> int:
        """Return the id of the picture in jobs."""
        return self.service.rows("SELECT picture_id FROM pictures WHERE picture_key = %s", key)[0][0]

    def workspace_id(self, key: str) -> int:
        """The workspace of the picture."""
        return self.service.rows("SELECT workspace_id FROM pictures WHERE picture_key = %s", key)[0][0]

    def checking(
        self, settings: Settings | None = None, *, managed: ManagedStore | None = None, **changes: Any
    ) -> JobHandler:
        """Return the handler of the check in a worker with these settings."""
        platform = self.service.platform
        options = replace(
            picture_check_options(settings or platform.settings, EngineRegistry(), platform.metrics), **changes
        )
        handler = PictureCheckHandler(platform.database, managed or platform.managed, options)
        return Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=3)

    def check(self, picture_id: int, handler: JobHandler | None = None) -> None:
        """Run the check."""
        chosen = handler or self.checking()
        self.service.run(lambda: chosen.run(picture_id))

    def outcome(self, content: bytes) -> dict[str, Any]:
        """Upload and check a picture, and return the result."""
        key, picture_id = self.waiting(content)
        self.check(picture_id)
        return self.ask(key)

    def objects(self, key: str) -> list[str]:
        """Return the keys of the picture in managed storage."""
        managed = self.service.platform.managed

        async def keys() -> list[str]:
            return [entry.key async for entry in managed.list(f"pictures/{key}/")]

        return self.service.run(keys)
