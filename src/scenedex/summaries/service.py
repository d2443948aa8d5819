"""Service of scene summaries: request, follow, cancel and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.assets.errors import AssetBusy
from scenedex.assets.service import visible_asset, workspace_of
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.index.errors import IndexNotFound, IndexNotReady
from scenedex.index.summaries import delete_summaries, read_summaries, scenes_of_persons
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobId
from scenedex.summaries import queries, use_queries
from scenedex.summaries.errors import (
    SummaryAlreadyRunning,
    SummaryLimitReached,
    SummaryNotComplete,
    SummaryNotFound,
    SummaryNotRunning,
    SummaryRunNotFound,
)
from scenedex.summaries.notices import SUMMARY_CANCELED
from scenedex.summaries.records import LOCALES, SummaryStatus
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.assets.records import AssetId
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.index.records import LocaleName
    from scenedex.index.summary_records import PublishedSummaries
    from scenedex.jobs.queue import JobQueue
    from scenedex.summaries.records import SummarisableIndex, SummaryRun, SummaryRunPath
    from scenedex.summaries.use import MonthlyLimits, SummaryEngine

_DEFAULT_LANGUAGE: Final = "ENKO"
_DEFAULT_LOCALE: Final[LocaleName] = "en-US"
_MAX_NAMED: Final = 10  # unknown scenes that an error names


class AnalysedAssets(Protocol):
    """Facts about an asset that the slices above know."""

    async def is_analysing(self, tx: Transaction, asset: AssetId) -> bool:
        """Return whether an analysis of the asset waits or runs."""
        ...


async def stop_of_asset(tx: Transaction, queue: JobQueue, asset_id: int, message: str, user_name: str) -> None:
    """Cancel the run of the index of an asset, if one waits or runs."""
    run = await queries.lock(tx, asset_id=asset_id)
    if run is not None and SummaryStatus(run.status).is_running:
        await _stop(tx, queue, run, message, user_name)


async def cancel_run(tx: Transaction, summary_id: int, message: str, user_name: str) -> int | None:
    """End a run as cancelled. Return its job, 0 if it has none, or `None` if it neither waits nor runs."""
    run = await queries.lock(tx, summary_id=summary_id)
    if run is None or not SummaryStatus(run.status).is_running:
        return None
    await queries.cancel(tx, run, message, user_name)
    return run.job_id or 0


async def retry_run(tx: Transaction, queue: JobQueue, summary_id: int, user_name: str) -> int | None:
    """Request a run that has failed or was cancelled again. Return the id of the new one, or `None` without such a run.

    Scenes that a failed run has done are not done again.
    """
    asset_id = await queries.asset_of(tx, summary_id)
    index = None if asset_id is None else await queries.lock_index(tx, asset_id)
    run = await queries.lock(tx, summary_id=summary_id)
    if index is None or run is None or SummaryStatus(run.status) not in _RETRIABLE:
        return None
    return await _begin(tx, queue, index.index_id, run.scene_ids, run.scene_count, run.locale, user_name)


async def asset_of_run(tx: Transaction, summary_id: int) -> int | None:
    """Return the asset of a run, or `None` if there is no such run."""
    return await queries.asset_of(tx, summary_id)


async def requeue_lost_summaries(tx: Transaction, queue: JobQueue) -> None:
    """Give runs that have lost their job another."""
    await queue.requeue(tx, JobKind.SUMMARY, await queries.without_job(tx), queries.set_job)


class SummaryEditLock:
    """Answers of scene summaries to edits of indexes."""

    async def is_summarising(self, tx: Transaction, index_id: int) -> bool:
        """Return whether a scene summary of an index waits or runs."""
        return await queries.is_running(tx, index_id)


class SummaryTexts:
    """Scene summaries, as the erasure of persons sees them."""

    async def forget(self, tx: Transaction, person_ids: Sequence[int]) -> int:
        """Delete summaries and drafts of scenes in which persons appear or speak. Return the number of summaries."""
        scenes = await scenes_of_persons(tx, person_ids)
        await queries.delete_drafts_of(tx, scenes)
        return await delete_summaries(tx, scenes)


class Summaries:
    """Scene summaries in the database.

    Calls raise `WorkspaceNotFound`, `ProjectNotFound` or `AssetNotFound` if a part of the path does not exist.
    """

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        analysed: AnalysedAssets,
        *,
        engine: Callable[[], SummaryEngine],
        limits: MonthlyLimits,
    ) -> None:
        """Serve requests.

        Args:
            database: the database.
            queue: queue of the runs.
            analysed: facts about analyses.
            engine: returns the engine that summarises.
            limits: limits of a workspace for engines that call a service.
        """
        self._database = database
        self._queue = queue
        self._analysed = analysed
        self._engine = engine
        self._limits = limits

    async def request(
        self,
        actor: Actor,
        workspace_name: str,
        project_id: int,
        asset_id: int,
        *,
        scene_ids: Sequence[int] | None,
        locale: LocaleName | None,
        index_id: int | None = None,
    ) -> SummaryRun:
        """Request a summary of all scenes, or of some. Former summaries are served until the run has completed.

        Args:
            actor: the caller.
            workspace_name: workspace of the asset.
            project_id: project of the asset.
            asset_id: the asset.
            scene_ids: scenes to summarise again, or `None` for all.
            locale: language and script, by default that of the asset. Summaries of some scenes have that of the others.
            index_id: id that the index must have, if it is given.

        Raises:
            IndexNotReady: no analysis of the asset has completed.
            IndexNotFound: the index has another id than the given one.
            AssetBusy: an analysis of the asset waits or runs.
            SummaryAlreadyRunning: a summary waits or runs.
            SummaryNotComplete: scenes are chosen, but not all scenes have been summarised before.
            SummaryLimitReached: the workspace would exceed a limit of this month.
            InvalidRequest: a scene does not exist, or scenes and a locale are given.
        """
        if scene_ids is not None and locale is not None:
            reason = "must not be given together with sceneIds. Summarise all scenes to change the language"
            raise InvalidRequest(FieldProblem("locale", reason))
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id, lock=True)
            index = await queries.lock_index(tx, asset.asset_id)
            if index_id is not None and (index is None or index.index_id != index_id):
                raise IndexNotFound
            if index is None:
                raise IndexNotReady
            if await self._analysed.is_analysing(tx, asset.asset_id):
                raise AssetBusy
            if await queries.is_running(tx, index.index_id):
                raise SummaryAlreadyRunning
            known = await queries.scene_ids_of(tx, index.index_id)
            chosen = None
            if scene_ids is not None:
                locale = await queries.published_locale(tx, index.index_id)
                if locale is None:
                    raise SummaryNotComplete
                chosen = known_scenes(scene_ids, known)
            scene_count = len(known if chosen is None else chosen)
            if self._engine().calls_service:
                use = await use_queries.of_month(tx, await workspace_of(tx, asset.asset_id))
                if (excess := self._limits.excess(use, scene_count)) is not None:
                    raise SummaryLimitReached(FieldProblem("sceneIds", excess))
            summary_id = await _begin(
                tx,
                self._queue,
                index.index_id,
                chosen,
                scene_count,
                locale or await _default_locale(tx, index),
                actor.user_name,
            )
            await record(tx, actor.entry, created=summary_id)
            run = await queries.find(tx, asset.asset_id)
            assert run is not None  # noqa: S101  # it was written in this transaction
            return run

    async def latest(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> SummaryRun | None:
        """Return the latest run of the index of an asset, or `None` if none was requested."""
        async with self._database.reading() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            return await queries.find(tx, asset.asset_id)

    async def get(
        self, caller: Caller, workspace_name: str, project_id: int, asset_id: int, *, index_id: int | None = None
    ) -> PublishedSummaries:
        """Return the summaries of the scenes of an asset. With ``index_id``, its index must have this id.

        Raises:
            SummaryNotFound: no run has completed.
        """
        async with self._database.snapshot() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            found = await read_summaries(tx, asset.asset_id)
            if found is None or index_id not in {None, found.last.index_id}:
                raise SummaryNotFound
            return found

    async def cancel(
        self, actor: Actor, workspace_name: str, project_id: int, asset_id: int, *, only: SummaryRunPath | None = None
    ) -> None:
        """Cancel a run that waits or runs. Former summaries stay. With ``only``, it must be this run.

        Raises:
            SummaryRunNotFound: the latest run is another one.
            SummaryNotRunning: no run waits or runs.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id)
            run = await queries.lock(tx, asset_id=asset.asset_id)
            if only is not None and (run is None or (run.index_id, run.summary_id) != (only.index_id, only.summary_id)):
                raise SummaryRunNotFound
            if run is None or not SummaryStatus(run.status).is_running:
                raise SummaryNotRunning
            await _stop(tx, self._queue, run, None, actor.user_name)
            subject = NoticeSubject(
                project_id=asset.project_id,
                asset_id=asset.asset_id,
                index_id=run.index_id,
                scene_summary_id=run.summary_id,
            )
            await record(tx, actor.entry, notice=Notice(SUMMARY_CANCELED, subject))


_RETRIABLE: Final = (SummaryStatus.SUMMARIZE_FAIL, SummaryStatus.SUMMARIZE_CANCELED)


async def _begin(
    tx: Transaction,
    queue: JobQueue,
    index_id: int,
    scene_ids: Sequence[int] | None,
    scene_count: int,
    locale: LocaleName,
    user_name: str,
) -> int:
    """Replace the former run of a locked index by a new one, with its job. Return its id."""
    summary_id = await queries.replace(
        tx, index_id, scene_ids, scene_count=scene_count, locale=locale, user_name=user_name
    )
    job = await queue.defer(tx, JobKind.SUMMARY, await queries.work_of(tx, summary_id))
    await queries.set_job(tx, summary_id, job)
    return summary_id


async def _stop(tx: Transaction, queue: JobQueue, run: SummaryRun, message: str | None, user_name: str) -> None:
    await queries.cancel(tx, run, message, user_name)
    if run.job_id is not None:
        await queue.cancel(tx, JobId(run.job_id))


def known_scenes(scene_ids: Sequence[int], known: Sequence[int]) -> list[int]:
    """Return the chosen scenes in order, each once.

    Raises:
        InvalidRequest: some of them do not exist.
    """
    unknown = sorted(set(scene_ids).difference(known))
    if unknown:
        named = ", ".join(str(one) for one in unknown[:_MAX_NAMED])
        more = f" and {len(unknown) - _MAX_NAMED} more" if len(unknown) > _MAX_NAMED else ""
        reason = f"the index has no scene {named}{more}. It has the scenes 1 to {len(known)}"
        raise InvalidRequest(FieldProblem("sceneIds", reason))
    return sorted(set(scene_ids))


async def _default_locale(tx: Transaction, index: SummarisableIndex) -> LocaleName:
    """Return the locale of the language that is spoken in an asset, English if it is unknown."""
    language = str(index.options.get("sourceLanguage") or _DEFAULT_LANGUAGE)
    if language == _DEFAULT_LANGUAGE:
        language = await queries.main_language(tx, index.index_id) or ""
    return LOCALES.get(language.upper(), _DEFAULT_LOCALE)
