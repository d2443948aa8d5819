"""Direct uploads: a presigned URL to write to, and the completion that registers the asset."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from scenedex.assets import upload_queries as queries
from scenedex.assets.errors import UploadNotFound, UploadSpent
from scenedex.assets.records import AssetId, AssetUpload, upload_object
from scenedex.assets.service import register
from scenedex.projects.service import visible_project
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.projects.records import ProjectId
    from scenedex.storage.store import ManagedStore

# Time after the expiry of a URL within which an upload that started before may end and be completed.
COMPLETION_GRACE = timedelta(hours=24)


class Uploads:
    """The direct uploads in the database and the managed store.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, and `ProjectNotFound` if the
    project is not in it.
    """

    def __init__(
        self, database: Database, queue: JobQueue, managed: ManagedStore, *, life: timedelta, max_bytes: int
    ) -> None:
        self._database = database
        self._queue = queue
        self._managed = managed
        self.life = life
        self.max_bytes = max_bytes

    async def open(
        self, caller: Caller, workspace_name: str, project_id: int, file_name: str
    ) -> tuple[str, str | None]:
        """Open an upload. Return its key, and its URL if the storage itself serves uploads."""
        asset_key = secrets.token_hex(16)
        async with self._database.transaction() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id, hold=True)
            await queries.insert(tx, asset_key, project, file_name, self.life)
        return asset_key, await self._managed.sign_put(upload_object(asset_key), expires=self.life)

    async def begin_receiving(self, asset_key: str) -> None:
        """Claim the only use of an upload.

        Raises:
            UploadNotFound: there is no upload of this key, or it has expired.
            UploadSpent: the upload has been used.
        """
        async with self._database.transaction() as tx:
            upload = await _lock(tx, asset_key)
            if upload is None:
                raise UploadNotFound
            if upload.state != "OPEN":
                raise UploadSpent
            await queries.set_state(tx, asset_key, "RECEIVING", former="OPEN")

    async def end_receiving(self, asset_key: str, *, well: bool) -> None:
        """Mark the upload as received, or reopen it after a broken transfer."""
        async with self._database.transaction() as tx:
            await queries.set_state(tx, asset_key, "RECEIVED" if well else "OPEN", former="RECEIVING")

    async def complete(
        self, actor: Actor, workspace_name: str, project_id: int, asset_key: str
    ) -> tuple[AssetId | None, str | None]:
        """Register the uploaded file. Return the asset, or `None` and the reason why there is none.

        Completing again returns the same asset until it is deleted.

        Raises:
            UploadNotFound: there is no such upload in it, or it has expired.
        """
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id, hold=True)
            upload = await _lock(tx, asset_key)
            if upload is None or not await _opened_in(tx, upload, project):
                raise UploadNotFound
            if upload.state == "COMPLETED":
                # The bytes are deleted with the asset.
                is_deleted = upload.asset_id is None
                return upload.asset_id, "FILE_NOT_EXIST" if is_deleted else None
            try:
                found = await self._managed.head(upload_object(asset_key))
            except ObjectNotFound:
                return None, "FILE_NOT_EXIST"
            if found.size_bytes > self.max_bytes:
                return None, f"The file is larger than {self.max_bytes} bytes"
            asset_id, _created = await register(
                tx, self._queue, project, actor, key=upload.file_name, upload_key=asset_key
            )
            await queries.complete(tx, asset_key, asset_id)
            return asset_id, None


async def drop_expired(tx: Transaction) -> int:
    """Delete uploads that can no longer be completed and that no import needs. Return how many."""
    return await queries.delete_expired(tx, COMPLETION_GRACE)


async def _opened_in(tx: Transaction, upload: AssetUpload, project: ProjectId) -> bool:
    """Return whether a project is that of an upload, or one that its asset may have been moved from."""
    if upload.project_id == project:
        return True
    # A completed upload follows its asset, so that it outlives the project in which it was opened.
    return upload.state == "COMPLETED" and await queries.share_workspace(tx, upload.project_id, project)


async def _lock(tx: Transaction, asset_key: str) -> AssetUpload | None:
    # The database refuses NUL in text.
    return None if "\x00" in asset_key else await queries.lock(tx, asset_key, COMPLETION_GRACE)
