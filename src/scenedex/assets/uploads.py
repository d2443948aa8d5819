"""Direct uploads: a presigned URL to write to, and its completion, which registers the asset."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from scenedex.assets.errors import UploadNotFound, UploadSpent
from scenedex.assets.records import AssetId, Upload, upload_object
from scenedex.assets.service import register
from scenedex.projects.records import ProjectId
from scenedex.projects.service import visible_project
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs import JobQueue
    from scenedex.storage.store import ManagedStore

_COLUMNS = "asset_key, project_id, file_name, state, asset_id, expires_time"
# An upload that began just before its URL expired may go on for this long, and be completed.
COMPLETION_GRACE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CompletedUpload:
    """What came of an upload: the asset, or why there is none."""

    asset_key: str
    asset_id: AssetId | None
    problem: str | None


class Uploads:
    """The direct uploads in the database and the managed store."""

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
        """A new place to upload to: its key, and the URL where the storage itself serves uploads.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
        """
        asset_key = secrets.token_hex(16)
        async with self._database.transaction() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id, hold=True)
            await tx.run(
                "INSERT INTO uploads (asset_key, project_id, file_name, expires_time) VALUES (%s, %s, %s, now() + %s)",
                asset_key,
                project,
                file_name,
                self.life,
            )
        return asset_key, self._managed.sign_put(upload_object(asset_key), expires=self.life)

    async def begin_receiving(self, asset_key: str) -> None:
        """Take the one use of an upload.

        Raises:
            UploadNotFound: there is none of this key, or its time is over.
            UploadSpent: it has been used.
        """
        async with self._database.transaction() as tx:
            upload = await _lock(tx, asset_key)
            if upload is None:
                raise UploadNotFound
            if upload.state != "OPEN":
                raise UploadSpent
            await tx.run("UPDATE uploads SET state = 'RECEIVING' WHERE asset_key = %s", asset_key)

    async def end_receiving(self, asset_key: str, *, well: bool) -> None:
        """The bytes are there, or the transfer broke off and may be tried again."""
        async with self._database.transaction() as tx:
            await tx.run(
                "UPDATE uploads SET state = %s WHERE asset_key = %s AND state = 'RECEIVING'",
                "RECEIVED" if well else "OPEN",
                asset_key,
            )

    async def complete(self, actor: Actor, workspace_name: str, project_id: int, asset_key: str) -> CompletedUpload:
        """Register what was uploaded; completing again gives the same asset, while there is one.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            UploadNotFound: there is no such upload in it, or its time is over.
        """
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id, hold=True)
            upload = await _lock(tx, asset_key)
            if upload is None or not await _opened_in(tx, upload, project):
                raise UploadNotFound
            if upload.state == "COMPLETED":
                # Its bytes went with the asset.
                is_gone = upload.asset_id is None
                return CompletedUpload(asset_key, upload.asset_id, "FILE_NOT_EXIST" if is_gone else None)
            try:
                found = await self._managed.head(upload_object(asset_key))
            except ObjectNotFound:
                return CompletedUpload(asset_key, None, "FILE_NOT_EXIST")
            if found.size_bytes > self.max_bytes:
                return CompletedUpload(asset_key, None, f"The file is larger than {self.max_bytes} bytes")
            asset_id, _created = await register(
                tx,
                self._queue,
                ProjectId(project),
                key=upload.file_name,
                bucket_name=None,
                upload_key=asset_key,
                actor=actor,
            )
            await tx.run(
                "UPDATE uploads SET state = 'COMPLETED', asset_id = %s WHERE asset_key = %s", asset_id, asset_key
            )
            return CompletedUpload(asset_key, asset_id, None)


async def drop_expired(tx: Transaction) -> int:
    """Forget uploads that can no longer be completed, and whose bytes no import waits for; how many there were."""
    return await tx.run(
        "DELETE FROM uploads u WHERE expires_time < now() - %s AND NOT EXISTS"
        " (SELECT FROM assets a WHERE a.asset_id = u.asset_id AND a.import_status = 'IN_PROGRESS')",
        COMPLETION_GRACE,
    )


async def _opened_in(tx: Transaction, upload: Upload, project: ProjectId) -> bool:
    """Whether this is the project of an upload, or one that its asset may have been moved from."""
    if upload.project_id == project:
        return True
    # A completed upload is in the project of its asset, so that it outlives the one that it was opened in.
    return upload.state == "COMPLETED" and await tx.value(
        "SELECT count(DISTINCT workspace_id) = 1 FROM projects WHERE project_id IN (%s, %s)",
        upload.project_id,
        project,
    )


async def _lock(tx: Transaction, asset_key: str) -> Upload | None:
    if "\x00" in asset_key:
        return None
    return await tx.one(
        Upload,
        f"SELECT {_COLUMNS} FROM uploads WHERE asset_key = %s AND expires_time > now() - %s FOR UPDATE",
        asset_key,
        COMPLETION_GRACE,
    )
