"""The analysis job: the stages that have not been run on these bytes, and the index made of what they found."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import structlog

from scenedex.analysis import output_queries, queries
from scenedex.analysis.assembly import words_of_scenes
from scenedex.analysis.choosing import choose
from scenedex.analysis.content import content_hash
from scenedex.analysis.labels import LabelVectors
from scenedex.analysis.outputs import StageOutputs
from scenedex.analysis.plan import IMAGE_FORMATS, Plan, scene_length
from scenedex.analysis.progress import Progression
from scenedex.analysis.publishing import OutputGone, Publisher, Ready, Superseded
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.steps import StageFailed, Steps
from scenedex.analysis.vectors import vectors_of
from scenedex.analysis.waits import Waits
from scenedex.analysis.walk import walk
from scenedex.assets.erasure import request_erasure
from scenedex.assets.telling import tell
from scenedex.audit.events import ANALYSIS_FAILED
from scenedex.index.records import AnalysisSetting
from scenedex.jobs.readiness import GivenUp, NotReady, unanswered
from scenedex.media.errors import ChildFailed, ChildOutOfDisk, MediaUnreadable, most_tries
from scenedex.storage.errors import ObjectNotFound, StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.analysis.walk import Walked
    from scenedex.analysis.work_folders import WorkFolders
    from scenedex.db.database import Database
    from scenedex.index.records import IndexedVector
    from scenedex.jobs import JobQueue
    from scenedex.jobs.readiness import Readiness
    from scenedex.media.child import ChildLimits
    from scenedex.media.source import MediaSource
    from scenedex.media.turns import Turns
    from scenedex.metrics import Metrics
    from scenedex.settings import EngineSettings
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.analyses")
_SECONDS_BETWEEN_NOTES = 0.5


@dataclass(frozen=True, slots=True)
class Perception:
    """With what media is looked at and listened to.

    Attributes:
        settings: which engines are wanted.
        weights: folder of downloaded weights; need not exist.
        vocabulary: words that labels are chosen from.
        work: where stages write.
        decode_threads: of the decoder; 0: as many as there are cores.
        limits: of a process that opens media.
        engine_limits: of a process that runs an engine.
        turns: waited for before such a process begins.
    """

    settings: EngineSettings
    weights: Path
    vocabulary: Sequence[str]
    work: WorkFolders
    decode_threads: int
    limits: ChildLimits
    engine_limits: ChildLimits
    turns: Turns


class Analysing:
    """Runs one analysis for each call of `run`.

    Args:
        database: where analyses and indexes are.
        queue: where the removal of replaced objects is asked for.
        managed: where the media is read, and outputs of stages go.
        perception: with what.
        metrics: records how long stages took.
        readiness: of this machine, whose faults are no tries.
        max_attempts: tries before an analysis that keeps breaking off is given up.
    """

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        managed: ManagedStore,
        *,
        perception: Perception,
        metrics: Metrics,
        readiness: Readiness,
        max_attempts: int,
    ) -> None:
        self._database = database
        self._queue = queue
        self._managed = managed
        self._perception = perception
        self._metrics = metrics
        self._readiness = readiness
        self._outputs = StageOutputs(database, managed)
        self._publisher = Publisher(database, queue, managed)
        self._max_attempts = max_attempts
        self._work = perception.work
        self._labels = LabelVectors(
            perception.vocabulary,
            limits=perception.engine_limits,
            turns=perception.turns,
            threads=perception.settings.threads,
        )

    async def run(self, subject: int) -> None:
        """Run the analysis of that index id to its end; nothing to do where it has ended or is gone."""
        async with self._database.transaction() as tx:
            claim = await queries.claim(tx, subject)
        if claim is None:
            return
        try:
            async with self._readiness.owning_faults():
                await self._analyse(claim)
        except Superseded:
            await self._forget(claim)
        except (asyncio.CancelledError, NotReady):
            await asyncio.shield(self._put_back(claim))
            raise
        except MediaUnreadable as error:
            await self._fail(claim, str(error))
        except ObjectNotFound:
            await self._fail(claim, "The copy of this file is no longer in managed storage; import it again.")
        except (StageFailed, ChildFailed) as error:
            failure = error.failure if isinstance(error, StageFailed) else error
            if claim.tries < most_tries(failure, self._max_attempts):
                raise
            is_of_disk = isinstance(failure, ChildOutOfDisk)
            place = f" It worked in {self._work.parent} on {socket.gethostname()}." if is_of_disk else ""
            await self._fail(claim, f"{error}{place}")
            raise GivenUp from error
        except (StorageError, OutputGone) as error:
            if claim.tries < self._max_attempts:
                raise
            await self._fail(claim, f"Given up after {claim.tries} tries: {error}")
            raise GivenUp from error

    async def _analyse(self, claim: AnalysisClaim) -> None:
        if claim.tries > self._max_attempts:
            await self._fail(claim, unanswered(self._max_attempts))
            raise GivenUp
        setting = msgspec.convert(claim.options, AnalysisSetting)
        await self._managed.head(claim.managed_key)
        claim = await self._with_content_hash(claim)
        perception = self._perception
        plan = Plan(
            setting,
            choose(perception.settings, perception.weights, setting.source_language or "ENKO"),
            is_picture=claim.format in IMAGE_FORMATS,
            decode_threads=perception.decode_threads,
            threads=perception.settings.threads,
            vocabulary=perception.vocabulary,
        )
        with self._work.folder(claim.index_id) as folder:
            steps = Steps(
                claim,
                self._outputs,
                self._managed,
                work=folder,
                limits=perception.limits,
                engine_limits=perception.engine_limits,
                waits=Waits(perception.turns, self._waiting(claim)),
                metrics=self._metrics,
                on_progress=self._notes(claim, plan),
            )
            walked = await walk(plan, steps, scene_length(setting), self._labels)
            vectors = await self._vectors(plan, steps, walked)
            await self._publisher.publish(Ready(claim, setting, walked, plan.choice("faces"), vectors))
        scenes = len(walked.findings.scenes)
        _log.info("analysis.completed", asset=claim.asset_id, index=claim.index_id, scenes=scenes)

    async def _with_content_hash(self, claim: AnalysisClaim) -> AnalysisClaim:
        """The claim of an asset whose bytes are known by their hash, read once in an asset's life."""
        if claim.content_hash is not None:
            return claim
        found = await content_hash(self._managed, claim.managed_key)
        async with self._database.transaction() as tx:
            await queries.set_content_hash(tx, claim.asset_id, found)
        return msgspec.structs.replace(claim, content_hash=found)

    async def _vectors(self, plan: Plan, steps: Steps, walked: Walked) -> dict[int, tuple[IndexedVector, ...]]:
        """What the picture and the words of each scene mean."""
        meaning = None
        choice, words = plan.choice("meaning"), words_of_scenes(walked.findings)
        if choice is not None and any(words):
            # It is told the words; a process has to have some file.
            media = steps.media
            meaning = (await steps.make(plan.meaning(words, choice), _given(media))).result
        return vectors_of(walked.findings, plan.choice("pictures"), meaning, choice)

    def _notes(self, claim: AnalysisClaim, plan: Plan) -> Callable[[str, float], Awaitable[None]]:
        progression = Progression(plan.stages)
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

    def _waiting(self, claim: AnalysisClaim) -> Callable[[str | None], Awaitable[None]]:
        async def note(stage: str | None) -> None:
            async with self._database.transaction() as tx:
                await queries.note_waiting(tx, claim, stage)

        return note

    async def _fail(self, claim: AnalysisClaim, reason: str) -> None:
        """What was made stays: another analysis of this file goes on from there."""
        async with self._database.transaction() as tx:
            if await queries.end(tx, claim, AnalysisStatus.ANALYZE_FAIL.value, reason):
                await tell(tx, ANALYSIS_FAILED, claim.asset_id, claim.user_name)
            await output_queries.delete_transient(tx, claim.index_id)
            await request_erasure(tx, self._queue)
        _log.info("analysis.failed", asset=claim.asset_id, index=claim.index_id, reason=reason)

    async def _put_back(self, claim: AnalysisClaim) -> None:
        """A stop of this worker, or a cancel by a user, which has written its result already."""
        async with self._database.transaction() as tx:
            is_waiting = await queries.release(tx, claim)
        if not is_waiting:
            await self._forget(claim)

    async def _forget(self, claim: AnalysisClaim) -> None:
        """Remove what this analysis made, unless a later try of it is at work or has published."""
        async with self._database.transaction() as tx:
            if await queries.is_wanted(tx, claim.index_id):
                return
            await output_queries.delete_made_for(tx, claim.index_id)
            await request_erasure(tx, self._queue)


def _given(source: MediaSource) -> Callable[[], Awaitable[MediaSource]]:
    async def given() -> MediaSource:
        return source

    return given
