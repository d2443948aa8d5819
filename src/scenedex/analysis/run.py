"""The analysis job: one pass over the media in a child process, its pictures kept, its findings published."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from scenedex.analysis import queries
from scenedex.analysis.plan import ENTRY, keyframe_files, plan, to_index
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.stages.visual import NAME as STAGE
from scenedex.analysis.stages.visual import VisualResult
from scenedex.assets.erasure import request_erasure
from scenedex.assets.importing import media_source
from scenedex.index.records import AnalysisSetting, NewIndex, keyframe_folder
from scenedex.index.service import publish
from scenedex.media.child import run_in_child
from scenedex.media.errors import ChildFailed, MediaUnreadable
from scenedex.storage.errors import ObjectNotFound, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.db.database import Database
    from scenedex.jobs import JobQueue
    from scenedex.media.child import ChildLimits, Progress
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.analyses")
_SECONDS_BETWEEN_NOTES = 0.5
# The pass over the media is nearly all of the work; the rest is keeping the pictures.
_PERCENT_OF_PASS = 95
# A file that kills its child twice will do so again.
_MOST_CHILD_FAILURES = 2


class Superseded(Exception):
    """The analysis was cancelled, its asset removed, or a later try runs it."""


class Analysing:
    """Runs one analysis for each call of `run`.

    Args:
        database: where analyses and indexes are.
        queue: where the removal of replaced pictures is asked for.
        managed: where the media is read and keyframes go.
        child: limits of the process that opens the media.
        threads: decoder threads; 0: as many as there are cores.
        max_attempts: tries before an analysis that keeps breaking off is given up.
    """

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        managed: ManagedStore,
        *,
        child: ChildLimits,
        threads: int,
        max_attempts: int,
    ) -> None:
        self._database = database
        self._queue = queue
        self._managed = managed
        self._child = child
        self._threads = threads
        self._max_attempts = max_attempts

    async def run(self, subject: int) -> None:
        """Run the analysis of that index id to its end; nothing to do where it has ended or is gone."""
        async with self._database.transaction() as tx:
            claim = await queries.claim(tx, subject)
        if claim is None:
            return
        try:
            await self._analyse(claim)
        except Superseded:
            await self._remove_pictures(claim)
        except asyncio.CancelledError:
            await asyncio.shield(self._put_back(claim))
            raise
        except MediaUnreadable as error:
            await self._fail(claim, str(error))
        except ObjectNotFound:
            await self._fail(claim, "The copy of this file is no longer in managed storage; import it again.")
        except ChildFailed as error:
            if claim.tries < min(_MOST_CHILD_FAILURES, self._max_attempts):
                raise
            await self._fail(claim, str(error))
        except StorageUnavailable as error:
            if claim.tries < self._max_attempts:
                raise
            await self._fail(claim, f"Given up after {claim.tries} tries: {error}")

    async def _analyse(self, claim: AnalysisClaim) -> None:
        if claim.tries > self._max_attempts:
            await self._fail(claim, f"Given up: {self._max_attempts} tries broke off without an answer.")
            return
        setting = msgspec.convert(claim.options, AnalysisSetting)
        source = media_source(self._managed, claim.managed_key, claim.size_bytes)
        await self._managed.head(claim.managed_key)
        with tempfile.TemporaryDirectory(prefix="scenedex-analysis-") as folder:
            found = await run_in_child(
                ENTRY,
                source,
                plan(setting, threads=self._threads),
                VisualResult,
                limits=self._child,
                work_dir=Path(folder),
                on_progress=self._notes(claim),
            )
            keys = await self._keep_pictures(claim, Path(folder), keyframe_files(found))
        await self._publish(claim, to_index(claim, setting, found, keys), found.damaged_packets)

    async def _keep_pictures(self, claim: AnalysisClaim, folder: Path, names: list[str]) -> dict[str, str]:
        """Put the keyframes into managed storage; the key of each file name."""
        kept: dict[str, str] = {}
        for done, name in enumerate(names):
            key = f"{keyframe_folder(claim.asset_id, claim.index_id)}/{name}"
            await self._managed.put_file(key, folder / name, "image/jpeg")
            kept[name] = key
            if done % 50 == 0:
                await self._note(claim, "keyframes", _PERCENT_OF_PASS + (99 - _PERCENT_OF_PASS) * done // len(names))
        return kept

    async def _publish(self, claim: AnalysisClaim, index: NewIndex, damaged: int) -> None:
        done = AnalysisStatus.ANALYZE_COMPLETED
        message = f"{done.message}; {damaged} damaged packets of the video were passed over" if damaged else None
        async with self._database.transaction() as tx:
            if not await queries.end(tx, claim, done.value, message):
                raise Superseded
            await publish(tx, index)
            await request_erasure(tx, self._queue)
        _log.info("analysis.completed", asset=claim.asset_id, index=claim.index_id, scenes=len(index.scenes))

    def _notes(self, claim: AnalysisClaim) -> Callable[[Progress], Awaitable[None]]:
        last = 0.0

        async def note(progress: Progress) -> None:
            nonlocal last
            if time.monotonic() - last >= _SECONDS_BETWEEN_NOTES:
                last = time.monotonic()
                await self._note(claim, STAGE, int(_PERCENT_OF_PASS * progress.fraction))

        return note

    async def _note(self, claim: AnalysisClaim, stage: str, percent: int) -> None:
        async with self._database.transaction() as tx:
            if not await queries.note_progress(tx, claim, stage, percent):
                raise Superseded

    async def _fail(self, claim: AnalysisClaim, reason: str) -> None:
        async with self._database.transaction() as tx:
            await queries.end(tx, claim, AnalysisStatus.ANALYZE_FAIL.value, reason)
        await self._remove_pictures(claim)
        _log.info("analysis.failed", asset=claim.asset_id, index=claim.index_id, reason=reason)

    async def _put_back(self, claim: AnalysisClaim) -> None:
        """A stop of this worker, or a cancel by a user, which has written its result already."""
        async with self._database.transaction() as tx:
            is_waiting = await queries.release(tx, claim)
        if not is_waiting:
            await self._remove_pictures(claim)

    async def _remove_pictures(self, claim: AnalysisClaim) -> None:
        """Take back the keyframes of this try, unless a later one has published them meanwhile."""
        async with self._database.transaction() as tx:
            if await queries.is_published(tx, claim.index_id):
                return
        await self._managed.delete_prefix(f"{keyframe_folder(claim.asset_id, claim.index_id)}/")
