"""Assets of a project: register, upload, follow the import, list, move, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from scenedex.client.answers import (
    Asset,
    AssetState,
    ImportStatus,
    Registration,
    StateFilter,
    Upload,
    UploadAnswer,
    UploadStatus,
    UploadTicket,
)
from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.errors import ImportFailed, ProxyFailed, UnreadableAnswer, UploadFailed
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items
from scenedex.client.playback_answers import Playback, PlaybackOfAsset, PlaybackStatus, Proxy
from scenedex.client.polling import wait
from scenedex.client.uploads import send_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Assets(WorkspaceCalls):
    """The assets of one project. All methods raise NotFound if the workspace, project or asset does not exist."""

    project_id: int

    def list(self, *, page_size: int = MAX_PAGE_SIZE) -> Iterator[Asset]:
        """Iterate over all assets, oldest first. Pages of 1-1000 assets are fetched on demand."""
        return all_items(lambda number: self.page(number, page_size))

    def page(self, page_num: int, page_size: int = MAX_PAGE_SIZE) -> Page[Asset]:
        """Return one page. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size}
        page = self._call("GET", Page[dict[str, Any]], query=query)
        shown: dict[str, Any] = msgspec.structs.asdict(page) | {"content": tuple(map(_asset, page.content))}
        return Page(**shown)

    def states(
        self, state: StateFilter | None = None, *, name: str | None = None, page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[AssetState]:
        """Iterate over the assets with the states of their imports and analyses, oldest first.

        Args:
            state: only assets in this state. None lists all.
            name: part of the key, in upper or lower case.
            page_size: number of assets per request, 1-1000.

        Raises:
            UnknownRoute: the service is not Scenedex, and has no such list.
        """

        def page(number: int) -> Page[AssetState]:
            query = {"pageNum": number, "pageSize": page_size, "state": state, "name": name}
            states = target("workspaces", self.workspace, "projects", self.project_id, "asset-states", query=query)
            return self.connection.result(Call("GET", states), Page[AssetState])

        return all_items(page)

    def register(self, bucket: str, key: str) -> Registration:
        """Register an object of a bucket as an asset and start its import in the background.

        A missing object, a missing bucket and a denied read appear in the import status.

        Raises:
            InvalidRequest: the bucket's name is not well-formed, or the key names a folder.
        """
        body = {"key": key, "bucketName": bucket}
        new = self._call("POST", Registration, "import", "object-storage", body=body, is_repeatable=False)
        return msgspec.structs.replace(new, key=key)

    def upload(self, path: Path, *, on_progress: Callable[[int, int], None] | None = None) -> Upload:
        """Upload a file and start its import. The file is streamed, so it may be larger than the memory.

        Args:
            path: path of the file.
            on_progress: callback with the number of bytes sent and the size of the file. Each attempt starts from 0.

        Raises:
            UploadFailed: the upload was refused.
            OSError: the file cannot be read.
        """
        uploads, new = self._target("uploads"), {"assetFileName": path.name}
        key = send_file(self.connection, uploads, path, new, UploadTicket, on_progress)
        call = Call("POST", f"{uploads}/complete", {"assetKey": key}, is_repeatable=False)
        answer = self.connection.result(call, UploadAnswer)
        if answer.upload_status is not UploadStatus.COMPLETED or answer.asset_id is None:
            raise UploadFailed(answer.upload_message or f"the upload ended with {answer.upload_status}")
        return Upload(asset_id=answer.asset_id, asset_key=answer.asset_key, file_name=path.name)

    def import_status(self, asset_id: int) -> ImportStatus:
        """Return the state of an import."""
        return self._call("GET", ImportStatus, asset_id, "import-status")

    def wait_import(
        self,
        asset_id: int,
        *,
        on_progress: Callable[[ImportStatus], None] | None = None,
        timeout: float | None = None,
        poll: float = 1.0,
    ) -> ImportStatus:
        """Wait until an import has completed and return its last status.

        Args:
            asset_id: id of the asset.
            on_progress: callback with every status.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: interval between two requests, in seconds.

        Raises:
            ImportFailed: the import failed. The error carries the last status.
            WaitTimeout: the import did not end in time.
        """
        status = wait(
            lambda: self.import_status(asset_id), on_progress, self.connection.clock, timeout=timeout, poll=poll
        )
        if status.upload_status is not UploadStatus.COMPLETED:
            raise ImportFailed(status)
        return status

    def playback(self, asset_id: int) -> Playback:
        """Return how an asset plays in browsers."""
        return self._call("GET", PlaybackOfAsset, asset_id, "playback").playback

    def request_proxy(self, asset_id: int) -> Playback:
        """Request a version of an asset that browsers play, unless there is one. A failed one is made again.

        Raises:
            NotFound: its import has not completed.
        """
        return self._call("POST", PlaybackOfAsset, asset_id, "playback").playback

    def delete_proxy(self, asset_id: int) -> Playback:
        """Delete the proxy of an asset, or stop making it. Return how the asset plays without it.

        Raises:
            NotFound: there is no proxy.
        """
        return self._call("DELETE", PlaybackOfAsset, asset_id, "playback").playback

    def wait_proxy(
        self,
        asset_id: int,
        *,
        on_progress: Callable[[Proxy], None] | None = None,
        timeout: float | None = None,
        poll: float = 1.0,
    ) -> Playback:
        """Wait until the proxy of an asset is ready, and return how the asset plays.

        Args:
            asset_id: id of the asset.
            on_progress: callback with every state of the proxy.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: interval between two requests, in seconds.

        Raises:
            ProxyFailed: the proxy failed, was cancelled or has not been requested.
            WaitTimeout: the proxy was not ready in time.
        """
        last = Playback()

        def proxy() -> Proxy:
            nonlocal last
            last = self.playback(asset_id)
            return last.proxy or Proxy(status=PlaybackStatus.NEEDED)

        ended = wait(proxy, on_progress, self.connection.clock, timeout=timeout, poll=poll)
        if ended.status is not PlaybackStatus.READY:
            raise ProxyFailed(asset_id, ended)
        return last

    def get(self, asset_id: int) -> Asset:
        """Return an asset."""
        return _asset(self._call("GET", dict[str, Any], asset_id))

    def move(self, asset_id: int, new_project_id: int) -> Asset:
        """Move an asset with its index to another project of the workspace."""
        moved = self._target(asset_id, query={"new_project_id": new_project_id})
        # After a lost answer, a second attempt would fail with NotFound, since the asset has moved.
        return _asset(self.connection.result(Call("PATCH", moved, is_repeatable=False), dict[str, Any]))

    def delete(self, asset_id: int) -> None:
        """Delete an asset and its index, and stop its import. The object in your bucket is kept.

        Raises:
            NotFound: the asset does not exist, or the first attempt succeeded but its answer was lost.
            Conflict: an analysis of the asset is running.
        """
        self.connection.run(Call("DELETE", self._target(asset_id)))

    def _target(self, *segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
        return target("workspaces", self.workspace, "projects", self.project_id, "assets", *segments, query=query)


def _asset(answer: dict[str, Any]) -> Asset:
    """Read an asset in either spelling: some hosts answer a move with ``videoId`` and ``videoName``."""
    older = given(assetId=answer.get("videoId"), fileName=answer.get("videoName"))
    try:
        return msgspec.convert(older | given(**answer), Asset, strict=False)
    except msgspec.ValidationError as error:
        raise UnreadableAnswer(str(error)) from error
