"""The import job: copy the object, look into it, accept or refuse it."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from scenedex.assets import queries
from scenedex.assets.acceptance import Kind, Rejection, early_end, explain, judge, limit_of, remark_on
from scenedex.assets.content import content_hash, digest_tag
from scenedex.assets.erasure import erase_object
from scenedex.assets.events import record_end
from scenedex.assets.notices import ASSET_IMPORT_FAILED, ASSET_IMPORTED
from scenedex.assets.records import ImportStatus, MediaFacts, StoredSoundTrack, managed_folder, upload_object
from scenedex.assets.sources import SourceAccess, absence
from scenedex.audit.events import IMPORT_FAILED, IMPORT_SUCCEEDED
from scenedex.jobs.attempts import AttemptHandler, Failure, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable, max_tries
from scenedex.media.probe import probe
from scenedex.media.sniffing import HEAD_BYTES, sniff_head
from scenedex.media.source import LocalFile, MediaSource, RangedObject
from scenedex.storage.errors import AccessDenied, KeysRefused, ObjectNotFound
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from scenedex.assets.acceptance import AcceptanceLimits
    from scenedex.assets.records import AssetId, ImportClaim
    from scenedex.db.database import Database, Transaction
    from scenedex.media.child import ChildLimits
    from scenedex.media.probe_entry import Probe
    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.objects import ObjectInfo
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.imports")
_SECONDS_BETWEEN_NOTES = 0.5
# The copy is nearly all of the work. The last percent is the probe.
_PERCENT_OF_COPY = 99
_MAX_HASHED_BYTES = 256 * 1000**2
# Attempts whose copies a later one removes. Each of them has done so, too.
_MAX_LEFT_COPIES = 20


@dataclass(frozen=True, slots=True)
class Ending:
    """A final state other than success.

    Attributes:
        status: the state.
        result: message on the wire.
        reason: details for the user.
        cause: error behind it, for the log alone.
    """

    status: ImportStatus
    result: str
    reason: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class _Copy:
    """Copy of an object in managed storage.

    Attributes:
        key: key of the copy.
        source_etag: entity tag of the source, or of the copy of an upload.
        info: version of the copy.
    """

    key: str
    source_etag: str
    info: ObjectInfo


class ImportHandler(AttemptHandler["ImportClaim"]):
    """`AttemptHandler` that copies an object into managed storage and makes it an asset.

    ``on_completed`` is awaited in the transaction that completes an import.
    """

    def __init__(
        self,
        database: Database,
        sources: SourceBuckets,
        managed: ManagedStore,
        *,
        acceptance: AcceptanceLimits,
        child: ChildLimits,
        open_buckets: bool,
        on_completed: Callable[[Transaction, AssetId], Awaitable[None]] | None = None,
    ) -> None:
        self._database = database
        self._sources = sources
        self._managed = managed
        self._acceptance = acceptance
        self._child = child
        self._on_completed = on_completed
        self._access = SourceAccess(database, sources, managed, open_buckets=open_buckets)

    async def claim(self, subject: int) -> ImportClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim_import(tx, subject)

    async def work(self, claim: ImportClaim) -> None:
        """See `AttemptHandler`."""
        outcome = await self._copy(claim)
        if isinstance(outcome, Ending):
            await self._end(claim, outcome)
            return
        verdict, digest = await asyncio.gather(self._examine(outcome), self._local_hash(outcome))
        if isinstance(verdict, Ending):
            await self._end(claim, verdict)
            return
        async with self._database.transaction() as tx:
            kept = await queries.complete_import(
                tx,
                claim,
                verdict,
                outcome.key,
                outcome.source_etag,
                copy_etag=digest_tag(outcome.info.etag),
                content_hash=digest,
            )
            if kept:
                await record_end(tx, IMPORT_SUCCEEDED, claim.asset_id, notice=ASSET_IMPORTED)
                if claim.managed_key is not None:
                    await erase_object(tx, claim.managed_key)
                if self._on_completed is not None:
                    await self._on_completed(tx, claim.asset_id)
        if not kept:
            raise Superseded
        _log.info("import.completed", asset=claim.asset_id, format=verdict.format, size_bytes=verdict.size_bytes)

    def judge(self, claim: ImportClaim, error: Exception) -> Failure:
        """See `AttemptHandler`."""
        return Failure(reason_of(claim, error), max_tries(error))

    async def fail(self, claim: ImportClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        await self._end(claim, Ending(ImportStatus.FAILED, ImportStatus.FAILED.result, reason))

    async def put_back(self, claim: ImportClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release_import(tx, claim)
        await self.discard(claim)

    async def discard(self, claim: ImportClaim) -> None:
        """Remove the copy of an attempt that is over, unless the asset or a later attempt needs it."""
        key = _copy_key(claim)
        async with self._database.transaction() as tx:
            if await queries.needs_copy(tx, claim.asset_id, key):
                return
        await self._managed.delete(key)

    async def _copy(self, claim: ImportClaim) -> _Copy | Ending:
        """Copy the bytes to managed storage, or return why the import failed."""
        key = _copy_key(claim)
        if claim.upload_key is not None:
            return await self._take_upload(claim.upload_key, key)
        for earlier in range(max(1, claim.attempt - _MAX_LEFT_COPIES), claim.attempt):
            # An attempt that was killed may have left a copy.
            if (left := _copy_key(claim, earlier)) != claim.managed_key:
                await self._managed.delete(left)
        bucket = claim.bucket_name or ""
        keys = await self._access.readable_keys(claim)
        if not keys:
            return _not_there(absence(bucket))
        try:
            source, found = await self._find(bucket, keys)
            refusal = self._refuse_size(found) or self._refuse_head(await self._source_head(bucket, source, found))
            if refusal is not None:
                return refusal
            copied = await self._managed.import_from(
                self._sources, bucket, source, key, expected=found, on_progress=self._notes(claim, found.size_bytes)
            )
        except KeysRefused:
            # The operator has to correct the access keys of the server. The file may exist.
            raise
        except (ObjectNotFound, AccessDenied) as error:
            return _not_there(absence(bucket, error), str(error))
        return _Copy(key, found.etag, copied)

    async def _find(self, bucket: str, keys: Sequence[str]) -> tuple[str, ObjectInfo]:
        """Return the first spelling of a key that an object has, and the object's present version."""
        *others, last = keys
        for key in others:
            # S3 denies access to an absent object where it may not be listed.
            with suppress(ObjectNotFound, AccessDenied):
                return key, await self._sources.head(bucket, key)
        return last, await self._sources.head(bucket, last)

    async def _take_upload(self, upload_key: str, key: str) -> _Copy | Ending:
        uploaded = upload_object(upload_key)
        # An earlier try moved it already, unless it is really gone: then there is nothing at the target either.
        with suppress(ObjectNotFound):
            if (refusal := self._refuse_head(await self._managed.read(uploaded, 0, HEAD_BYTES))) is not None:
                size_refusal = self._refuse_size(await self._managed.head(uploaded))
                await self._managed.delete(uploaded)
                return size_refusal or refusal
            await self._managed.move(uploaded, key)
        try:
            found = await self._managed.head(key)
        except ObjectNotFound as error:
            return _not_there("No file was uploaded, or it has been removed.", str(error))
        return self._refuse_size(found) or _Copy(key, found.etag, found)

    async def _source_head(self, bucket: str, key: str, expected: ObjectInfo) -> bytes:
        """Return the first bytes of an object, which are read before all of it is copied."""
        head = b""
        async with aclosing(self._sources.stream(bucket, key, expected=expected)) as chunks:
            async for chunk in chunks:
                head += chunk
                if len(head) >= HEAD_BYTES:
                    break
        return head[:HEAD_BYTES]

    def _refuse_head(self, head: bytes) -> Ending | None:
        try:
            sniff_head(head)
        except MediaUnreadable as error:
            return self._refusal(Rejection.FORMAT, str(error))
        return None

    def _refuse_size(self, found: ObjectInfo) -> Ending | None:
        if found.size_bytes == 0:
            return self._refusal(Rejection.FORMAT, "The file is empty.")
        if found.size_bytes > max(self._acceptance.max_video_bytes, self._acceptance.max_image_bytes):
            limit = limit_of(Rejection.SIZE, Kind.VIDEO, short_side=0, limits=self._acceptance)
            return self._refusal(Rejection.SIZE, f"The file has {found.size_bytes} bytes. The setting {limit}.")
        return None

    async def _local_hash(self, copy: _Copy) -> str | None:
        """Return the hash of a copy that is a file of this machine, which the system has still in memory.

        An analysis hashes all others, which it reads anyway. Until then, S3 knows equal objects by their tags.
        """
        is_file = self._managed.local_path(copy.key) is not None
        return (
            await content_hash(self._managed, copy.key)
            if is_file and copy.info.size_bytes <= _MAX_HASHED_BYTES
            else None
        )

    async def _examine(self, copy: _Copy) -> MediaFacts | Ending:
        """Look into the copy, in a child process."""
        size_bytes = copy.info.size_bytes
        try:
            probed = await probe(media_source(self._managed, copy.key, size_bytes), self._child)
        except DimensionsTooLarge as error:
            setting = f"The setting media.max_pixels is {self._child.max_pixels}."
            return self._refusal(Rejection.RESOLUTION, f"{error} {setting}")
        except MediaUnreadable as error:
            return self._refusal(Rejection.FORMAT, str(error))
        kind = Kind[probed.kind]
        rejection = judge(
            kind,
            width=probed.width,
            height=probed.height,
            duration=probed.duration,
            size_bytes=size_bytes,
            limits=self._acceptance,
        )
        if rejection is not None:
            short_side = min(probed.width, probed.height)
            limit = limit_of(rejection, kind, short_side=short_side, limits=self._acceptance)
            return self._refusal(rejection, f"{_facts_in_words(probed, size_bytes)} The setting {limit}.")
        duration_ms = Timecode(probed.duration).ms
        early = early_end(
            duration=probed.duration,
            missing_ms=probed.missing_ms,
            is_open=probed.is_open,
            missing_share=probed.missing_share,
            limits=self._acceptance,
        )
        if early is not None and early.is_refused:
            return self._refusal(Rejection.FORMAT, early.remark)
        return MediaFacts(
            probed.format,
            probed.width,
            probed.height,
            duration_ms,
            size_bytes,
            video_codec=probed.video_codec,
            pixel_format=probed.pixel_format,
            audio_codec=probed.audio_codec,
            frame_rate=probed.frame_rate,
            start_timecode=probed.start_timecode,
            reel=probed.reel,
            remark=remark_on(early, is_dolby_vision_5=probed.is_dolby_vision_5),
            sound_tracks=tuple(
                StoredSoundTrack(one.codec, one.channels, one.language, one.title) for one in probed.sound_tracks
            ),
        )

    def _refusal(self, rejection: Rejection, reason: str) -> Ending:
        return Ending(ImportStatus.INVALID_METADATA, explain(rejection, self._acceptance), reason)

    def _notes(self, claim: ImportClaim, size_bytes: int) -> Callable[[int], Awaitable[None]]:
        """Return a callback that stores the progress at intervals, and raises `Superseded` after a takeover."""
        last = time.monotonic()

        async def note(done: int) -> None:
            nonlocal last
            if time.monotonic() - last < _SECONDS_BETWEEN_NOTES:
                return
            last = time.monotonic()
            async with self._database.transaction() as tx:
                if not await queries.set_import_percent(tx, claim, _PERCENT_OF_COPY * done // max(1, size_bytes)):
                    raise Superseded

        return note

    async def _end(self, claim: ImportClaim, ending: Ending) -> None:
        async with self._database.transaction() as tx:
            if await queries.end_import(tx, claim, ending.status, ending.result, ending.reason):
                await record_end(tx, IMPORT_FAILED, claim.asset_id, notice=ASSET_IMPORT_FAILED)
        await self.discard(claim)
        reason = ending.cause or ending.reason
        _log.info("import.ended", asset=claim.asset_id, status=ending.status.value, reason=reason)


def media_source(managed: ManagedStore, key: str, size_bytes: int) -> MediaSource:
    """A managed object as the child process reads it: the file itself where there is one."""
    path = managed.local_path(key)
    return RangedObject(size_bytes, partial(managed.read, key)) if path is None else LocalFile(path)


def _copy_key(claim: ImportClaim, attempt: int | None = None) -> str:
    # Each try copies to a place of its own, so that a try that was believed dead cannot harm a later one's copy.
    # An upload is moved, not copied, and its bytes cannot change: all tries share one place.
    name = "source" if claim.upload_key else f"source-{attempt or claim.attempt}"
    return f"{managed_folder(claim.asset_id)}/{name}"


def _not_there(reason: str, cause: str | None = None) -> Ending:
    return Ending(ImportStatus.FILE_NOT_EXIST, ImportStatus.FILE_NOT_EXIST.result, reason, cause)


def _facts_in_words(probed: Probe, size_bytes: int) -> str:
    length = f", {float(probed.duration):.1f} s" if probed.kind == "VIDEO" else ""
    return f"The file is {probed.format}, {probed.width}x{probed.height}{length}, {size_bytes} bytes."
