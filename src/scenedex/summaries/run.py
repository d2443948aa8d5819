"""Handler of summary jobs."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from scenedex.assets.events import record_end
from scenedex.audit.events import SUMMARY_FAILED, SUMMARY_SUCCEEDED
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.selection import NotAnalysed
from scenedex.engines.summaries import EvidencePicture, SceneSummary, SummarySentence, SummaryUnavailable
from scenedex.index.records import IndexedSentence, IndexedSummary
from scenedex.index.summaries import publish_summaries, read_source
from scenedex.index.summary_records import NewSummaries
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.metrics import timing
from scenedex.persons.lookup import person_names
from scenedex.storage.errors import ObjectNotFound
from scenedex.summaries import notices, queries
from scenedex.summaries.budget import MonthlyLimitReached, ServiceBudget
from scenedex.summaries.evidence import address_of, evidence_of, picture_time, pictured_shots
from scenedex.summaries.records import SceneDraft, ServiceUse, SummaryStatus
from scenedex.summaries.use import NO_LIMITS
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.audit.notices import NoticeType
    from scenedex.db.database import Database, Transaction
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.summaries import SceneEvidence, Summariser, Usage
    from scenedex.index.records import IndexedScene, IndexedShot, LocaleName
    from scenedex.index.summary_records import SummarySource
    from scenedex.metrics import Metrics
    from scenedex.storage.store import ManagedStore
    from scenedex.summaries.records import SummaryClaim
    from scenedex.summaries.use import MonthlyLimits

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.summaries")
_MAX_KEYFRAME_BYTES: Final = 8 * 1024**2
# The engine has repeated its calls before it gives up.
_MAX_TRIES_OF_ENGINE: Final = 3
# Languages that are written without spaces between sentences.
_UNSPACED: Final = frozenset({"ja-JP", "zh-CN", "zh-TW"})


class NoSummariser(Exception):
    """No engine of scene summaries runs here."""

    def __init__(self, lack: NotAnalysed) -> None:
        super().__init__(f"Scene summaries: {lack.reason}. To enable them: {lack.command}")


class EvidenceChanged(Exception):
    """Persons were renamed, merged or deleted meanwhile. The next try describes their scenes again."""


class SummaryHandler(AttemptHandler["SummaryClaim"]):
    """`AttemptHandler` that summarises the scenes of an index one by one and publishes the summaries together.

    Args:
        database: the database.
        managed: storage of the keyframes.
        select: returns the selected engine, or the reason that there is none.
        open_summariser: loads it.
        metrics: metrics of this process.
        limits: limits of a workspace for engines that call a service.
    """

    def __init__(
        self,
        database: Database,
        managed: ManagedStore,
        *,
        select: Callable[[], EngineChoice | NotAnalysed],
        open_summariser: Callable[[EngineChoice], Summariser],
        metrics: Metrics,
        limits: MonthlyLimits = NO_LIMITS,
    ) -> None:
        self._database = database
        self._managed = managed
        self._select = select
        self._open = open_summariser
        self._metrics = metrics
        self._limits = limits

    async def claim(self, subject: int) -> SummaryClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    async def work(self, claim: SummaryClaim) -> None:
        """See `AttemptHandler`."""
        choice = self._select()
        if isinstance(choice, NotAnalysed):
            raise NoSummariser(choice)
        summariser = self._open(choice)
        async with self._database.transaction() as tx:
            made_by = str(summariser.engine), summariser.model, summariser.prompt_version
            if not await queries.set_engine(tx, claim, *made_by):
                raise Superseded
        async with self._database.snapshot() as tx:
            source = await read_source(tx, claim.asset_id, claim.index_id)
            stored = await queries.drafts_of(tx, claim.index_id)
            names = await person_names(tx, claim.workspace_id)
        if source is None:
            raise Superseded
        known = {one.scene_id: (one.address, one.result) for one in stored}
        budget = None if choice.address is None else ServiceBudget(self._limits, claim.workspace_id, str(choice.engine))
        run = _Run(self._database, self._managed, claim, source, summariser, known, names, budget, self._metrics)
        await self._publish(claim, run, await run.summaries())
        _log.info("summary.completed", asset=claim.asset_id, index=claim.index_id)

    def judge(self, claim: SummaryClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        is_final = isinstance(error, SummaryUnavailable) and not error.may_pass
        if is_final or isinstance(error, (NoSummariser, MonthlyLimitReached)):
            return Refusal(str(error))
        if isinstance(error, EngineUnavailable):
            return Failure(str(error), _MAX_TRIES_OF_ENGINE)
        return Failure(reason_of(claim, error))

    async def fail(self, claim: SummaryClaim, reason: str) -> None:
        """See `AttemptHandler`. Scenes that are done stay: the next run uses them if nothing has changed."""
        async with self._database.transaction() as tx:
            if await queries.end(tx, claim, SummaryStatus.SUMMARIZE_FAIL.value, reason):
                await _record_end(tx, claim, SUMMARY_FAILED, notices.SUMMARY_FAILED)
        _log.info("summary.failed", asset=claim.asset_id, index=claim.index_id, reason=reason)

    async def put_back(self, claim: SummaryClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)

    async def _publish(self, claim: SummaryClaim, run: _Run, by_scene: dict[int, IndexedSummary]) -> None:
        new = NewSummaries(claim.index_id, claim.locale, by_scene, is_full=claim.scene_ids is None)
        async with self._database.transaction() as tx:
            await lock_persons(tx, claim.workspace_id)
            source = await read_source(tx, claim.asset_id, claim.index_id)
            if source is None:
                raise Superseded
            if not run.is_made_of(source):
                raise EvidenceChanged
            is_published = await publish_summaries(tx, new)
            if not is_published or not await queries.end(tx, claim, SummaryStatus.SUMMARIZE_COMPLETED.value, None):
                raise Superseded
            await queries.delete_drafts(tx, claim.index_id)
            await _record_end(tx, claim, SUMMARY_SUCCEEDED, notices.SUMMARY_COMPLETED)


async def _record_end(tx: Transaction, claim: SummaryClaim, event: str, notice: NoticeType) -> None:
    await record_end(
        tx,
        event,
        claim.asset_id,
        claim.user_name,
        notice=notice,
        index_id=claim.index_id,
        scene_summary_id=claim.summary_id,
    )


class _Run:
    """One attempt at the scenes of an index.

    ``known`` has address and result of the scenes that are done. ``names`` are those of all persons of the workspace.
    ``budget`` is that of the workspace, `None` for an engine that calls no service.
    """

    def __init__(
        self,
        database: Database,
        managed: ManagedStore,
        claim: SummaryClaim,
        source: SummarySource,
        summariser: Summariser,
        known: dict[int, tuple[str, bytes]],
        names: frozenset[str],
        budget: ServiceBudget | None,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._managed = managed
        self._claim = claim
        self._source = source
        self._summariser = summariser
        self._known = known
        self._names = names
        self._budget = budget
        self._metrics = metrics
        self._addresses: dict[int, str] = {}
        self._locale: LocaleName = claim.locale

    async def summaries(self) -> dict[int, IndexedSummary]:
        """Return the summary of each scene of the run, and store each as soon as it is made."""
        wanted = None if self._claim.scene_ids is None else frozenset(self._claim.scene_ids)
        made: dict[int, IndexedSummary] = {}
        preceding: list[SceneSummary] = []
        for scene in self._source.scenes:
            if wanted is None or scene.scene_id in wanted:
                draft = await self._draft(scene, preceding)
                made[scene.scene_id] = self._indexed(draft)
                preceding.append(_summary(draft.sentences))
            elif scene.summary is not None:
                preceding.append(_summary(scene.summary.sentences))
        return made

    def is_made_of(self, source: SummarySource) -> bool:
        """Return whether the summaries would be made of the same evidence again."""
        made = {scene.scene_id: scene for scene in source.scenes if scene.scene_id in self._addresses}
        return self._addresses == {scene_id: self._address(scene, source) for scene_id, scene in made.items()}

    def _address(self, scene: IndexedScene, source: SummarySource) -> str:
        summariser = self._summariser
        shown = pictured_shots(scene, summariser.pictures_per_scene)
        evidence = evidence_of(scene, len(source.scenes), source.analysed)
        made_by = str(summariser.engine), summariser.model, summariser.prompt_version
        return address_of(evidence, shown, self._locale, *made_by)

    async def _draft(self, scene: IndexedScene, preceding: list[SceneSummary]) -> SceneDraft:
        summariser, source = self._summariser, self._source
        address = self._addresses[scene.scene_id] = self._address(scene, source)
        stored_address, result = self._known.get(scene.scene_id, ("", b""))
        if stored_address == address:
            draft = msgspec.json.decode(result, type=SceneDraft)
            async with self._database.transaction() as tx:
                await self._note(tx, draft, is_progress=False)
            return draft
        evidence = evidence_of(scene, len(source.scenes), source.analysed)
        pictures = await self._pictures(pictured_shots(scene, summariser.pictures_per_scene))
        evidence = replace(evidence, pictures=pictures, absent_names=self._names.difference(_named(evidence)))
        if self._budget is not None:
            async with self._database.reading() as tx:
                await self._budget.require_left(tx)
        start = time.monotonic()
        try:
            with timing(partial(self._metrics.note_summary, summariser.engine.name)):
                summary = await summariser.summarise(evidence, self._locale, tuple(preceding))
        except SummaryUnavailable as error:
            async with self._database.transaction() as tx:
                await self._add_use(tx, error.usage)
            raise
        seconds = time.monotonic() - start
        draft = _draft_of(summary, summariser.model)
        async with self._database.transaction() as tx:
            await queries.keep_draft(tx, self._claim.index_id, scene.scene_id, address, draft)
            await self._note(tx, draft, is_progress=True)
            await self._add_use(tx, summary.usage, scene_count=1, seconds=seconds)
        return draft

    async def _add_use(self, tx: Transaction, usage: Usage, *, scene_count: int = 0, seconds: float = 0) -> None:
        use = _use(usage)
        await queries.add_use(tx, self._claim.summary_id, use)
        if self._budget is not None:
            await self._budget.add(tx, use, scene_count=scene_count, seconds=seconds)

    async def _note(self, tx: Transaction, draft: SceneDraft, *, is_progress: bool) -> None:
        if not await queries.note_scene(tx, self._claim, draft, is_progress=is_progress):
            raise Superseded

    async def _pictures(self, shots: tuple[IndexedShot, ...]) -> tuple[EvidencePicture, ...]:
        pictures: list[EvidencePicture] = []
        for shot in shots:
            try:
                jpeg = await self._managed.get(shot.keyframe_key, max_bytes=_MAX_KEYFRAME_BYTES)
            except ObjectNotFound:
                continue
            pictures.append(EvidencePicture(picture_time(shot), jpeg))
        return tuple(pictures)

    def _indexed(self, draft: SceneDraft) -> IndexedSummary:
        between = "" if self._locale in _UNSPACED else " "
        return IndexedSummary(
            between.join(one.text for one in draft.sentences),
            self._locale,
            draft.sentences,
            str(self._summariser.engine),
            draft.model,
            self._summariser.prompt_version,
        )


def _draft_of(summary: SceneSummary, model: str | None) -> SceneDraft:
    sentences = (IndexedSentence(_storable(one.text), one.basis) for one in summary.sentences)
    named = summary.model or model
    return SceneDraft(
        tuple(one for one in sentences if one.text),
        summary.unsupported_count,
        None if named is None else _storable(named) or None,
    )


def _use(usage: Usage) -> ServiceUse:
    return ServiceUse(usage.pictures, usage.input_tokens, usage.output_tokens, usage.is_estimated)


def _named(evidence: SceneEvidence) -> frozenset[str]:
    """Return the names that the evidence of a scene has."""
    return frozenset(
        name for name in (*(one.name for one in evidence.persons), *(one.speaker for one in evidence.lines)) if name
    )


def _summary(sentences: tuple[IndexedSentence, ...]) -> SceneSummary:
    return SceneSummary(tuple(SummarySentence(one.text, one.basis) for one in sentences))


def _storable(text: str) -> str:
    """Remove characters that the database cannot store, and spaces at both ends."""
    return text.replace("\0", "").encode(errors="ignore").decode().strip()
