"""Uploading a picture: a presigned URL to write to, and its completion, which waits for a worker's check."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.assets.errors import UploadSpent
from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.pictures import queries
from scenedex.pictures.errors import PictureNotFound
from scenedex.pictures.records import PictureOutcome, PictureOwner, PictureProblem, PictureState, uploaded_object
from scenedex.storage.errors import ObjectNotFound
from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.pictures.records import PictureId, PicturePurpose, Upload
    from scenedex.storage.store import ManagedStore

_FIRST_PAUSE_SECONDS = 0.05
_MAX_PAUSE_SECONDS = 0.25


@dataclass(slots=True)
class PictureUploads:
    """Uploads of pictures.

    Attributes:
        life: validity of a URL.
        key_life: time for which a picture can be completed and used.
        max_bytes: maximum size of a file.
        patience: time for which a completion waits for a worker.
    """

    database: Database
    queue: JobQueue
    managed: ManagedStore
    life: timedelta
    key_life: timedelta
    max_bytes: int
    patience: timedelta

    async def open(
        self, caller: Caller, purpose: PicturePurpose, file_name: str, *, workspace_name: str | None = None
    ) -> tuple[str, str | None]:
        """Return the key of a new upload, and a URL if the storage itself serves uploads.

        The picture belongs to the workspace, or to the caller if no workspace is named.

        Raises:
            WorkspaceNotFound: there is no such workspace that the caller may see.
        """
        key = secrets.token_hex(16)
        async with self.database.transaction() as tx:
            owner = await _owner(tx, caller, workspace_name)
            if not await queries.insert(tx, owner, key, purpose, file_name, self.key_life):
                raise WorkspaceNotFound
        return key, await self.managed.sign_put(uploaded_object(key), expires=self.life)

    async def begin_receiving(self, key: str) -> None:
        """Start the only transfer of an upload.

        Raises:
            PictureNotFound: there is no upload of this key, or it has expired.
            UploadSpent: the URL has been used.
        """
        async with self.database.transaction() as tx:
            upload = await queries.lock(tx, key)
            if upload is None:
                raise PictureNotFound
            if upload.state is not PictureState.OPEN:
                raise UploadSpent
            await queries.set_state(tx, upload.picture_id, PictureState.RECEIVING)

    async def end_receiving(self, key: str, *, well: bool) -> None:
        """Record that the bytes have arrived, or that the transfer broke off and may be repeated."""
        async with self.database.transaction() as tx:
            await queries.end_receiving(tx, key, PictureState.RECEIVED if well else PictureState.OPEN)

    async def complete(
        self, caller: Caller, purpose: PicturePurpose, key: str, *, workspace_name: str | None = None
    ) -> PictureOutcome:
        """Have a worker check the uploaded picture. Return whether it can be used.

        Completing it again returns the same.

        Raises:
            WorkspaceNotFound: there is no such workspace that the caller may see.
            PictureNotFound: the workspace or caller has no such upload, or it has expired.
            GatewayError: no worker has ended the check in time. The check goes on.
        """
        async with self.database.transaction() as tx:
            owner = await _owner(tx, caller, workspace_name)
            upload = None if "\x00" in key else await queries.lock_of(tx, owner, purpose, key)
            if upload is None:
                raise PictureNotFound
            if upload.is_over:
                return _outcome(upload)
            if upload.state is not PictureState.CHECKING and (refusal := await self._start_check(tx, owner, upload)):
                return PictureOutcome(is_usable=False, message=refusal)
        return _outcome(await self._await_check(upload.picture_id))

    async def _start_check(self, tx: Transaction, owner: PictureOwner, upload: Upload) -> str | None:
        """Request the check, or return the problem of the file."""
        try:
            found = await self.managed.head(uploaded_object(upload.key))
        except ObjectNotFound:
            return PictureProblem.FILE_NOT_EXIST.message()
        if found.size_bytes > self.max_bytes:
            refusal = too_large(found.size_bytes, self.max_bytes)
            await queries.set_state(tx, upload.picture_id, PictureState.FAILED, refusal)
            return refusal
        work = Work(upload.picture_id, owner.workspace_id or 0)
        job = await self.queue.defer(tx, JobKind.PICTURE, work)
        await queries.start_check(tx, upload.picture_id, job)
        return None

    async def _await_check(self, picture_id: PictureId) -> Upload:
        """Return the upload once its check has ended. No connection is held meanwhile."""
        clock = asyncio.get_running_loop()
        deadline = clock.time() + self.patience.total_seconds()
        pause = _FIRST_PAUSE_SECONDS
        while clock.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, _MAX_PAUSE_SECONDS)
            async with self.database.transaction() as tx:
                upload = await queries.find(tx, picture_id)
            if upload is None:
                raise PictureNotFound
            if upload.state is not PictureState.CHECKING:
                return upload
        raise GatewayError(
            GatewayFault.ENDPOINT_TIMEOUT,
            f"No worker has checked the picture within {self.patience.total_seconds():g} s. "
            "Call again: the check goes on, and its outcome is kept.",
        )


def too_large(size_bytes: int, max_bytes: int) -> str:
    """Return the message about a file over the limit."""
    return PictureProblem.FILE_TOO_LARGE.message(
        f"the file has {size_bytes} bytes, at most {max_bytes} may be uploaded"
    )


async def delete_expired_pictures(tx: Transaction) -> None:
    """Delete pictures whose key has expired."""
    await queries.delete_expired(tx)


async def _owner(tx: Transaction, caller: Caller, workspace_name: str | None) -> PictureOwner:
    if workspace_name is None:
        covered = None if caller.workspaces is None else tuple(sorted(caller.workspaces))
        return PictureOwner(user_name=caller.user_name, workspaces=covered)
    return PictureOwner(workspace_id=await visible_workspace(tx, caller, workspace_name))


def _outcome(upload: Upload) -> PictureOutcome:
    return PictureOutcome(upload.state is PictureState.COMPLETED, upload.message)
