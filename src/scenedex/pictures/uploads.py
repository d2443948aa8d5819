"""Uploading a picture: a presigned URL to write to, and its completion, which has it checked by a worker."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.assets.errors import UploadSpent
from scenedex.jobs import JobKind, Work
from scenedex.pictures import queries
from scenedex.pictures.errors import PictureNotFound
from scenedex.pictures.records import PictureOwner, PictureProblem, PictureState, uploaded_object
from scenedex.storage.errors import ObjectNotFound
from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs import JobQueue
    from scenedex.pictures.records import PictureId, PicturePurpose, Upload
    from scenedex.storage.store import ManagedStore

_FIRST_LOOK_SECONDS = 0.05
_SECONDS_BETWEEN_LOOKS = 0.25


@dataclass(frozen=True, slots=True)
class PictureOutcome:
    """What came of an upload: None, or why the picture is of no use."""

    key: str
    problem: str | None


class PictureUploads:
    """The uploads of pictures in the database and the managed store.

    Args:
        database: where they are.
        queue: where their checks are asked for.
        managed: where the files are.
        life: how long a URL takes a file.
        key_life: how long a picture can be completed and used.
        max_bytes: size of the largest file.
        patience: how long a completion waits for a worker.
    """

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        managed: ManagedStore,
        *,
        life: timedelta,
        key_life: timedelta,
        max_bytes: int,
        patience: timedelta,
    ) -> None:
        self._database = database
        self._queue = queue
        self._managed = managed
        self._key_life = key_life
        self._patience = patience
        self.life = life
        self.max_bytes = max_bytes

    async def open(
        self, caller: Caller, purpose: PicturePurpose, file_name: str, *, workspace_name: str | None = None
    ) -> tuple[str, str | None]:
        """A new place to upload to: its key, and the URL where the storage itself serves uploads.

        The picture is the workspace's that is named; the caller's where none is.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        """
        key = secrets.token_hex(16)
        async with self._database.transaction() as tx:
            owner = await _owner(tx, caller, workspace_name)
            if not await queries.insert(tx, owner, key, purpose, file_name, self._key_life):
                raise WorkspaceNotFound
        return key, self._managed.sign_put(uploaded_object(key), expires=self.life)

    async def begin_receiving(self, key: str) -> None:
        """Take the one use of an upload.

        Raises:
            PictureNotFound: there is none of this key, or its time is over.
            UploadSpent: it has been used.
        """
        async with self._database.transaction() as tx:
            upload = await queries.lock(tx, key)
            if upload is None:
                raise PictureNotFound
            if upload.state is not PictureState.OPEN:
                raise UploadSpent
            await queries.set_state(tx, upload.picture_id, PictureState.RECEIVING)

    async def end_receiving(self, key: str, *, well: bool) -> None:
        """The bytes are there, or the transfer broke off and may be tried again."""
        async with self._database.transaction() as tx:
            await queries.end_receiving(tx, key, PictureState.RECEIVED if well else PictureState.OPEN)

    async def complete(
        self, caller: Caller, purpose: PicturePurpose, key: str, *, workspace_name: str | None = None
    ) -> PictureOutcome:
        """Have a worker look at what was uploaded; completing again gives the same outcome.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PictureNotFound: there is no such upload of the workspace's or caller's, or its time is over.
            GatewayError: no worker came to an end in time; the check goes on.
        """
        async with self._database.transaction() as tx:
            owner = await _owner(tx, caller, workspace_name)
            upload = None if "\x00" in key else await queries.lock_of(tx, owner, purpose, key)
            if upload is None:
                raise PictureNotFound
            if upload.is_over:
                return _outcome(upload)
            if upload.state is not PictureState.CHECKING and (refusal := await self._begin_check(tx, owner, upload)):
                return PictureOutcome(key, refusal)
        return _outcome(await self._end_of_check(upload.picture_id))

    async def _begin_check(self, tx: Transaction, owner: PictureOwner, upload: Upload) -> str | None:
        """Ask for the check; why not where there is nothing to check."""
        try:
            found = await self._managed.head(uploaded_object(upload.key))
        except ObjectNotFound:
            return PictureProblem.FILE_NOT_EXIST.message()
        if found.size_bytes > self.max_bytes:
            refusal = too_large(found.size_bytes, self.max_bytes)
            await queries.set_state(tx, upload.picture_id, PictureState.FAILED, refusal)
            return refusal
        work = Work(upload.picture_id, owner.workspace_id or 0)
        job = await self._queue.defer(tx, JobKind.PICTURE, work)
        await queries.begin_check(tx, upload.picture_id, job)
        return None

    async def _end_of_check(self, picture_id: PictureId) -> Upload:
        """The upload once its check is over; between two looks nothing is held."""
        clock = asyncio.get_running_loop()
        deadline = clock.time() + self._patience.total_seconds()
        pause = _FIRST_LOOK_SECONDS
        while clock.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, _SECONDS_BETWEEN_LOOKS)
            async with self._database.transaction() as tx:
                upload = await queries.find(tx, picture_id)
            if upload is None:
                raise PictureNotFound
            if upload.state is not PictureState.CHECKING:
                return upload
        raise GatewayError(
            GatewayFault.ENDPOINT_TIMEOUT,
            f"No worker has checked the picture within {self._patience.total_seconds():g} s. "
            "Call again: the check goes on, and its outcome is kept.",
        )


def too_large(size_bytes: int, max_bytes: int) -> str:
    """What is said of a file over the limit."""
    return PictureProblem.FILE_TOO_LARGE.message(
        f"the file has {size_bytes} bytes, at most {max_bytes} may be uploaded"
    )


async def _owner(tx: Transaction, caller: Caller, workspace_name: str | None) -> PictureOwner:
    if workspace_name is None:
        return PictureOwner(user_name=caller.user_name)
    return PictureOwner(workspace_id=await visible_workspace(tx, caller, workspace_name))


def _outcome(upload: Upload) -> PictureOutcome:
    return PictureOutcome(upload.key, None if upload.state is PictureState.COMPLETED else upload.message)
