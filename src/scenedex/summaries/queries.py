"""Statements about runs of scene summaries and their drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from scenedex.jobs.queue import Work
from scenedex.summaries.records import StoredDraft, SummarisableIndex, SummaryClaim, SummaryRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import LocaleName, SceneKey
    from scenedex.jobs.queue import JobId
    from scenedex.summaries.records import SceneDraft, ServiceUse


async def find(tx: Transaction, asset_id: int) -> SummaryRun | None:
    """Return the latest run of the index of an asset."""
    return await tx.one(
        SummaryRun,
        """
        SELECT r.summary_id, r.index_id, r.status, r.message, r.locale, r.scene_ids, r.engine, r.model,
            r.prompt_version, r.scene_count, r.done_count, r.unsupported_count, r.picture_count, r.input_tokens,
            r.output_tokens, r.is_usage_estimated, r.job_id, r.created_user_name, r.created_time, r.updated_user_name,
            r.updated_time
        FROM summary_runs r
        JOIN indexes USING (index_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def lock(tx: Transaction, *, asset_id: int | None = None, summary_id: int | None = None) -> SummaryRun | None:
    """Lock and return the latest run of the index of an asset, or the run of an id."""
    return await tx.one(
        SummaryRun,
        """
        SELECT r.summary_id, r.index_id, r.status, r.message, r.locale, r.scene_ids, r.engine, r.model,
            r.prompt_version, r.scene_count, r.done_count, r.unsupported_count, r.picture_count, r.input_tokens,
            r.output_tokens, r.is_usage_estimated, r.job_id, r.created_user_name, r.created_time, r.updated_user_name,
            r.updated_time
        FROM summary_runs r
        JOIN indexes USING (index_id)
        WHERE asset_id = coalesce(%(asset_id)s, asset_id) AND summary_id = coalesce(%(summary_id)s, summary_id)
        FOR UPDATE OF r
        """,
        asset_id=asset_id,
        summary_id=summary_id,
    )


async def lock_index(tx: Transaction, asset_id: int) -> SummarisableIndex | None:
    """Lock and return the index of an asset. The lock makes edits of the index wait."""
    return await tx.one(
        SummarisableIndex,
        "SELECT index_id, options FROM indexes WHERE asset_id = %(asset_id)s FOR NO KEY UPDATE",
        asset_id=asset_id,
    )


async def index_of(tx: Transaction, asset_id: int) -> int | None:
    """Return the index of an asset, or `None` without one."""
    return await tx.value("SELECT index_id FROM indexes WHERE asset_id = %(asset_id)s", asset_id=asset_id)


async def asset_of(tx: Transaction, summary_id: int) -> int | None:
    """Return the asset of a run."""
    return await tx.value(
        "SELECT asset_id FROM summary_runs JOIN indexes USING (index_id) WHERE summary_id = %(summary_id)s",
        summary_id=summary_id,
    )


async def is_running(tx: Transaction, index_id: int) -> bool:
    """Return whether the run of an index waits or runs."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT FROM summary_runs
            WHERE index_id = %(index_id)s AND status IN ('WAIT_SUMMARIZE', 'SUMMARIZING')
        )
        """,
        index_id=index_id,
    )


async def published_locale(tx: Transaction, index_id: int) -> LocaleName | None:
    """Return the locale of the published summaries of an index, or `None` without any."""
    return await tx.value("SELECT locale FROM index_summaries WHERE index_id = %(index_id)s", index_id=index_id)


async def main_language(tx: Transaction, index_id: int) -> str | None:
    """Return the language of most lines of an index, or `None` without lines."""
    return await tx.value(
        """
        SELECT language
        FROM scripts
        WHERE index_id = %(index_id)s
        GROUP BY language
        ORDER BY count(*) DESC, sum(length(text)) DESC, language
        LIMIT 1
        """,
        index_id=index_id,
    )


async def scene_ids_of(tx: Transaction, index_id: int) -> list[int]:
    """Return the ids of the scenes of an index."""
    return await tx.all(
        int, "SELECT scene_id FROM scenes WHERE index_id = %(index_id)s ORDER BY scene_id", index_id=index_id
    )


async def replace(
    tx: Transaction,
    index_id: int,
    scene_ids: Sequence[int] | None,
    *,
    scene_count: int,
    locale: LocaleName,
    user_name: str,
) -> int:
    """Replace the run of an index by one that waits. Return its id."""
    await tx.run("DELETE FROM summary_runs WHERE index_id = %(index_id)s", index_id=index_id)
    return await tx.value(
        """
        INSERT INTO summary_runs (index_id, scene_ids, scene_count, locale, created_user_name, updated_user_name)
        VALUES (
            %(index_id)s, %(scene_ids)s::integer[], %(scene_count)s, %(locale)s, %(user_name)s, %(user_name)s
        )
        RETURNING summary_id
        """,
        index_id=index_id,
        scene_ids=None if scene_ids is None else list(scene_ids),
        scene_count=scene_count,
        locale=locale,
        user_name=user_name,
    )


async def work_of(tx: Transaction, summary_id: int) -> Work:
    """Return the work of the job of a run. A scene counts like a second of media."""
    work = await tx.one(
        Work,
        """
        SELECT summary_id, workspace_id, scene_count::float8
        FROM summary_runs
        JOIN indexes USING (index_id)
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        WHERE summary_id = %(summary_id)s
        """,
        summary_id=summary_id,
    )
    assert work is not None  # noqa: S101  # it was written in this transaction
    return work


async def set_job(tx: Transaction, summary_id: int, job: JobId) -> None:
    """Set the job that serves a run."""
    await tx.run(
        "UPDATE summary_runs SET job_id = %(job_id)s WHERE summary_id = %(summary_id)s",
        job_id=job,
        summary_id=summary_id,
    )


async def cancel(tx: Transaction, run: SummaryRun, message: str | None, user_name: str) -> None:
    """End a locked run as cancelled, and delete what it has made."""
    await tx.run(
        """
        UPDATE summary_runs
        SET status = 'SUMMARIZE_CANCELED', message = %(message)s, updated_user_name = %(user_name)s,
            updated_time = now()
        WHERE summary_id = %(summary_id)s
        """,
        summary_id=run.summary_id,
        message=message,
        user_name=user_name,
    )
    await delete_drafts(tx, run.index_id)


async def claim(tx: Transaction, summary_id: int) -> SummaryClaim | None:
    """Start an attempt at a run. Return `None` if it has ended."""
    return await tx.one(
        SummaryClaim,
        """
        UPDATE summary_runs r
        SET status = 'SUMMARIZING', attempt = attempt + 1, tries = tries + 1, updated_time = now()
        FROM indexes i
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE i.index_id = r.index_id AND r.summary_id = %(summary_id)s
          AND r.status IN ('WAIT_SUMMARIZE', 'SUMMARIZING')
        RETURNING r.summary_id, r.index_id, i.asset_id, p.workspace_id, r.attempt, r.tries, r.locale, r.scene_ids,
            r.created_user_name
        """,
        summary_id=summary_id,
    )


async def set_engine(
    tx: Transaction, claim: SummaryClaim, engine: str, model: str | None, prompt_version: str | None
) -> bool:
    """Record the engine, and count scenes from 0. Return `False` if the run has ended or was claimed again."""
    changed = await tx.run(
        """
        UPDATE summary_runs
        SET engine = %(engine)s, model = %(model)s, prompt_version = %(prompt_version)s, done_count = 0,
            unsupported_count = 0
        WHERE summary_id = %(summary_id)s AND attempt = %(attempt)s AND status = 'SUMMARIZING'
        """,
        engine=engine,
        model=model,
        prompt_version=prompt_version,
        summary_id=claim.summary_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def note_scene(tx: Transaction, claim: SummaryClaim, draft: SceneDraft, *, is_progress: bool) -> bool:
    """Count a scene that is done. Progress resets the tries.

    Return `False` if the run has ended or a later attempt has claimed it.
    """
    changed = await tx.run(
        """
        UPDATE summary_runs
        SET done_count = done_count + 1, tries = CASE WHEN %(is_progress)s THEN 1 ELSE tries END,
            unsupported_count = unsupported_count + %(unsupported_count)s, model = coalesce(%(model)s, model)
        WHERE summary_id = %(summary_id)s AND attempt = %(attempt)s AND status = 'SUMMARIZING'
        """,
        summary_id=claim.summary_id,
        attempt=claim.attempt,
        is_progress=is_progress,
        unsupported_count=draft.unsupported_count,
        model=draft.model,
    )
    return changed > 0


async def add_use(tx: Transaction, summary_id: int, use: ServiceUse) -> None:
    """Add to the use of a service by a run, whatever becomes of the run."""
    await tx.run(
        """
        UPDATE summary_runs
        SET picture_count = picture_count + %(picture_count)s, input_tokens = input_tokens + %(input_tokens)s,
            output_tokens = output_tokens + %(output_tokens)s,
            is_usage_estimated = is_usage_estimated OR %(is_usage_estimated)s
        WHERE summary_id = %(summary_id)s
        """,
        summary_id=summary_id,
        **asdict(use),
    )


async def keep_draft(tx: Transaction, index_id: int, scene_id: int, address: str, draft: SceneDraft) -> None:
    """Store the result of a scene, unless the index is deleted."""
    # The lock of the index comes before that of the run, as in a deletion of the index.
    await tx.run(
        """
        INSERT INTO summary_drafts (index_id, scene_id, address, result)
        SELECT index_id, %(scene_id)s, %(address)s, %(result)s
        FROM indexes
        WHERE index_id = %(index_id)s
        FOR KEY SHARE
        ON CONFLICT (index_id, scene_id) DO UPDATE SET address = excluded.address, result = excluded.result
        """,
        index_id=index_id,
        scene_id=scene_id,
        address=address,
        result=msgspec.json.encode(draft).decode(),
    )


async def drafts_of(tx: Transaction, index_id: int) -> list[StoredDraft]:
    """Return the stored results of the scenes of an index that no run has published."""
    return await tx.all(
        StoredDraft,
        "SELECT scene_id, address, result::text::bytea FROM summary_drafts WHERE index_id = %(index_id)s",
        index_id=index_id,
    )


async def delete_drafts(tx: Transaction, index_id: int) -> None:
    """Delete the stored results of the scenes of an index."""
    await tx.run("DELETE FROM summary_drafts WHERE index_id = %(index_id)s", index_id=index_id)


async def delete_drafts_of(tx: Transaction, scenes: Sequence[SceneKey]) -> None:
    """Delete the stored results of scenes of any indexes."""
    await tx.run(
        """
        DELETE FROM summary_drafts
        WHERE (index_id, scene_id) IN (SELECT * FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[]))
        """,
        index_ids=[index_id for index_id, _ in scenes],
        scene_ids=[scene_id for _, scene_id in scenes],
    )


async def end(tx: Transaction, claim: SummaryClaim, status: str, message: str | None) -> bool:
    """End a run. Return `False` if it has ended or a later attempt has claimed it."""
    changed = await tx.run(
        """
        UPDATE summary_runs
        SET status = %(status)s, message = %(message)s, updated_time = now()
        WHERE summary_id = %(summary_id)s AND attempt = %(attempt)s AND status = 'SUMMARIZING'
        """,
        status=status,
        message=message,
        summary_id=claim.summary_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def release(tx: Transaction, claim: SummaryClaim) -> None:
    """Uncount a try that was interrupted by a stop of its worker."""
    await tx.run(
        """
        UPDATE summary_runs
        SET status = 'WAIT_SUMMARIZE', tries = tries - 1
        WHERE summary_id = %(summary_id)s AND attempt = %(attempt)s AND status = 'SUMMARIZING'
        """,
        summary_id=claim.summary_id,
        attempt=claim.attempt,
    )


async def without_job(tx: Transaction) -> list[Work]:
    """Return and lock up to 1000 runs that have not ended although no job serves them."""
    return await tx.all(
        Work,
        """
        SELECT summary_id, workspace_id, scene_count::float8
        FROM summary_runs r
        JOIN indexes USING (index_id)
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        WHERE r.status IN ('WAIT_SUMMARIZE', 'SUMMARIZING')
          AND r.created_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = r.job_id)
        ORDER BY summary_id
        LIMIT 1000
        FOR UPDATE OF r SKIP LOCKED
        """,
    )
