"""Assets of a project: register, upload, follow the import, list, move, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.answers import Asset, AssetAnswer, ImportStatus, Registration, Upload, UploadStatus
from scenedex.client.connection import Call, Connection
from scenedex.client.errors import ImportFailed, UnreadableAnswer
from scenedex.client.paging import LARGEST_PAGE, Page, every_item
from scenedex.client.targets import target
from scenedex.client.uploading import upload
from scenedex.client.waiting import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class _StoredObject(msgspec.Struct, frozen=True, rename="camel"):
    key: str
    bucket_name: str


@dataclass(frozen=True, slots=True)
class Assets:
    """The assets of one project; every method raises NotFound when there is no such workspace, project or asset."""

    connection: Connection
    workspace: str
    project_id: int

    def list(self, *, page_size: int = LARGEST_PAGE) -> Iterator[Asset]:
        """All assets, oldest first, fetched page by page (1-1000 each) while they are read."""
        return every_item(lambda number: self.page(number, page_size))

    def page(self, page_num: int, page_size: int = LARGEST_PAGE) -> Page[Asset]:
        """One page, counted from 1."""
        query = [("pageNum", page_num), ("pageSize", page_size)]
        answer = self.connection.ask(Call("GET", self._target(query=query)), Page[AssetAnswer])
        return Page(
            content=tuple(_asset(item) for item in answer.content),
            total_count=answer.total_count,
            total_page=answer.total_page,
            page_no=answer.page_no,
            page_size=answer.page_size,
        )

    def register(self, bucket: str, key: str) -> Registration:
        """Begins the import of an object of a bucket; the answer comes at once, the work goes on behind it.

        A missing object, a missing bucket and a missing right to read show in the import status.

        Raises:
            InvalidRequest: the bucket's name is not well-formed, or the key names a folder.
        """
        call = Call("POST", self._target("import", "object-storage"), _StoredObject(key, bucket), is_repeatable=False)
        return self.connection.ask(call, Registration)

    def upload(self, path: Path, *, on_progress: Callable[[int, int], None] | None = None) -> Upload:
        """Sends a file and begins its import; the file is streamed, never in memory whole.

        Args:
            path: the file.
            on_progress: hears of bytes sent and bytes in all.

        Raises:
            UploadFailed: the bytes were not taken.
            OSError: the file cannot be read.
        """
        return upload(self.connection, self._target("uploads"), path, on_progress)

    def import_status(self, asset_id: int) -> ImportStatus:
        """How far an import is."""
        return self.connection.ask(Call("GET", self._target(asset_id, "import-status")), ImportStatus)

    def wait_import(
        self,
        asset_id: int,
        *,
        on_progress: Callable[[ImportStatus], None] | None = None,
        timeout: float | None = None,
        poll: float = 1.0,
    ) -> ImportStatus:
        """Waits until an import has completed and answers with its last status.

        Args:
            asset_id: the asset.
            on_progress: hears of every status.
            timeout: seconds to wait; None waits as long as it takes.
            poll: seconds between two questions.

        Raises:
            ImportFailed: the import ended otherwise; the error carries the last status.
            WaitTimeout: the time is over.
        """
        status = wait(
            lambda: self.import_status(asset_id),
            lambda answer: answer.upload_status.is_final,
            on_progress,
            self.connection.clock,
            timeout=timeout,
            poll=poll,
        )
        if status.upload_status is not UploadStatus.COMPLETED:
            raise ImportFailed(status)
        return status

    def get(self, asset_id: int) -> Asset:
        """One asset."""
        return _asset(self.connection.ask(Call("GET", self._target(asset_id)), AssetAnswer))

    def move(self, asset_id: int, new_project_id: int) -> Asset:
        """The asset in another project of the workspace; its index moves with it."""
        moved = self._target(asset_id, query=[("new_project_id", new_project_id)])
        # A second attempt would no longer find the asset here, so a lost answer must not turn into NotFound.
        return _asset(self.connection.ask(Call("PATCH", moved, is_repeatable=False), AssetAnswer))

    def delete(self, asset_id: int) -> None:
        """Removes an asset and its index, stops its import; the object in your bucket stays.

        Raises:
            NotFound: no such asset; also when a first attempt succeeded but its answer was lost.
            Conflict: it is being analysed.
        """
        self.connection.tell(Call("DELETE", self._target(asset_id)))

    def _target(self, *segments: str | int, query: list[tuple[str, int]] | None = None) -> str:
        project = ("api", "v1", "workspaces", self.workspace, "projects", self.project_id)
        return target(*project, "assets", *segments, query=query or ())


def _asset(answer: AssetAnswer) -> Asset:
    try:
        return answer.asset()
    except ValueError as error:
        raise UnreadableAnswer(str(error)) from error
