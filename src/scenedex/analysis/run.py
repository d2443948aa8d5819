"""Handler of analysis jobs."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog

from scenedex.analysis import output_queries, queries
from scenedex.analysis.child_runner import ChildRunner, StageFailed
from scenedex.analysis.execution import Execution
from scenedex.analysis.labels import LabelVectors
from scenedex.analysis.notices import INDEX_FAILED
from scenedex.analysis.outputs import StageOutputs
from scenedex.analysis.plan import Plan
from scenedex.analysis.progress import Progression
from scenedex.analysis.publishing import Publisher, Ready
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.stage import AnalysisScope, StageServices
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.analysis.vectors import VectorMaker
from scenedex.analysis.waits import Waits
from scenedex.analysis.walk import walk
from scenedex.assets.content import content_hash
from scenedex.assets.erasure import request_erasure
from scenedex.assets.events import record_end
from scenedex.audit.events import ANALYSIS_FAILED
from scenedex.engines.selection import select_engines
from scenedex.index.records import AnalysisSetting
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.media.errors import ChildFailed, ChildOutOfDisk, MediaUnreadable, max_tries
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.analysis.work_folders import WorkFolders
    from scenedex.db.database import Database
    from scenedex.engines.registry import EngineRegistry
    from scenedex.jobs.queue import JobQueue
    from scenedex.media.machine_budget import MachineBudget
    from scenedex.settings import EngineSettings
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.analyses")
_SECONDS_BETWEEN_NOTES = 0.5


@dataclass(frozen=True, slots=True)
class Perception:
    """Engines, limits and folders of analyses.

    Attributes:
        settings: engines that the operator wants.
        registry: engines of this installation.
        weights: folder of downloaded weights, which need not exist.
        vocabulary: words that labels are chosen from.
        work: folders that stages write to.
        decode_threads: threads of the decoder. 0: one per core.
        runner: runs the child steps of stages.
        turns: turns of this machine, which child steps wait for.
    """

    settings: EngineSettings
    registry: EngineRegistry
    weights: Path
    vocabulary: Sequence[str]
    work: WorkFolders
    decode_threads: int
    runner: ChildRunner
    turns: MachineBudget


class AnalysisHandler(AttemptHandler["AnalysisClaim"]):
    """`AttemptHandler` that runs the stages of an analysis and publishes the index."""

    def __init__(self, database: Database, queue: JobQueue, managed: ManagedStore, *, perception: Perception) -> None:
        self._database = database
        self._queue = queue
        self._managed = managed
        self._perception = perception
        self._outputs = StageOutputs(database, managed)
        self._publisher = Publisher(database, queue, managed, perception.registry)
        self._work = perception.work
        vectors = VectorMaker(perception.runner, self._work.parent, perception.settings.threads)
        self._services = StageServices(LabelVectors(perception.vocabulary, vectors).of)

    async def claim(self, subject: int) -> AnalysisClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    def judge(self, claim: AnalysisClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        if isinstance(error, MediaUnreadable):
            return Refusal(str(error))
        if isinstance(error, ObjectNotFound):
            return Refusal("The copy of this file is no longer in managed storage. Import it again.")
        if isinstance(error, (StageFailed, ChildFailed)):
            failure = error.failure if isinstance(error, StageFailed) else error
            is_of_disk = isinstance(failure, ChildOutOfDisk)
            place = f" It worked in {self._work.parent} on {socket.gethostname()}." if is_of_disk else ""
            return Failure(f"{error}{place}", max_tries(failure))
        return Failure(reason_of(claim, error))

    async def work(self, claim: AnalysisClaim) -> None:
        """See `AttemptHandler`."""
        setting = msgspec.convert(claim.options, AnalysisSetting)
        await self._managed.head(claim.managed_key)
        claim = await self._with_content_hash(claim)
        perception = self._perception
        plan = Plan(
            AnalysisScope(
                setting,
                select_engines(
                    perception.settings,
                    perception.weights,
                    setting.source_language or "ENKO",
                    registry=perception.registry,
                ),
                is_picture=claim.is_picture,
                decode_threads=perception.decode_threads,
                threads=perception.settings.threads,
                vocabulary=tuple(perception.vocabulary),
            )
        )
        with self._work.folder(claim.index_id) as folder:
            execution = Execution(
                claim,
                self._outputs,
                self._managed,
                runner=replace(perception.runner, turns=Waits(perception.turns, partial(self._note_waiting, claim))),
                services=self._services,
                work=folder,
                on_progress=self._notes(claim, plan),
            )
            inputs = await walk(plan, execution.make)
            await self._publisher.publish(Ready(claim, inputs, plan.engines(inputs)))
        scenes = len(inputs.of(SCENES_STAGE).scenes)
        _log.info("analysis.completed", asset=claim.asset_id, index=claim.index_id, scenes=scenes)

    async def _with_content_hash(self, claim: AnalysisClaim) -> AnalysisClaim:
        """Return the claim with the hash of the asset's bytes, which is computed once in an asset's life."""
        if claim.content_hash is not None:
            return claim
        found = await content_hash(self._managed, claim.managed_key)
        async with self._database.transaction() as tx:
            await queries.set_content_hash(tx, claim.asset_id, found)
        return msgspec.structs.replace(claim, content_hash=found)

    def _notes(self, claim: AnalysisClaim, plan: Plan) -> Callable[[str, float], Awaitable[None]]:
        progression = Progression({stage.name: stage.share for stage in plan.stages})
        last = 0.0

        async def note(stage: str, fraction: float) -> None:
            nonlocal last
            percent = progression.note(stage, fraction)
            if time.monotonic() - last >= _SECONDS_BETWEEN_NOTES:
                last = time.monotonic()
                async with self._database.transaction() as tx:
                    if not await queries.note_progress(tx, claim, progression.stage or stage, percent):
                        raise Superseded

        return note

    async def _note_waiting(self, claim: AnalysisClaim, stage: str | None) -> None:
        async with self._database.transaction() as tx:
            await queries.note_waiting(tx, claim, stage)

    async def fail(self, claim: AnalysisClaim, reason: str) -> None:
        """See `AttemptHandler`. Stored outputs of stages stay: the next analysis of this file uses them."""
        async with self._database.transaction() as tx:
            if await queries.end(tx, claim, AnalysisStatus.ANALYZE_FAIL.value, reason):
                await record_end(
                    tx, ANALYSIS_FAILED, claim.asset_id, claim.user_name, notice=INDEX_FAILED, index_id=claim.index_id
                )
            await output_queries.delete_transient(tx, claim.index_id)
            await request_erasure(tx, self._queue)
        _log.info("analysis.failed", asset=claim.asset_id, index=claim.index_id, reason=reason)

    async def put_back(self, claim: AnalysisClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            is_waiting = await queries.release(tx, claim)
        if not is_waiting:
            await self.discard(claim)

    async def discard(self, claim: AnalysisClaim) -> None:
        """Remove what this analysis made, unless a later attempt is at work or has published it."""
        async with self._database.transaction() as tx:
            if await queries.is_wanted(tx, claim.index_id):
                return
            await output_queries.delete_made_for(tx, claim.index_id)
            await request_erasure(tx, self._queue)
