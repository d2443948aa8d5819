"""Every statement about analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.analysis.records import Analysis, AnalysisClaim
from scenedex.jobs import Work

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.index.records import AnalysisSetting
    from scenedex.jobs import JobId

_COLUMNS = (
    "index_id, asset_id, status, message, stage, percent, options, job_id,"
    " created_user_name, created_time, updated_user_name, updated_time"
)
_RUNNING = "status IN ('WAIT_ANALYZE', 'ANALYZING')"
# What the job of an analysis is to be done to.
_WORK = (
    "SELECT index_id, workspace_id, coalesce(duration_ms, 0) / 1000.0::float8"
    " FROM analyses n JOIN assets USING (asset_id) JOIN projects USING (project_id)"
)
_OF_CLAIM = "WHERE index_id = %s AND attempt = %s AND status = 'ANALYZING'"


async def find(tx: Transaction, asset_id: int) -> Analysis | None:
    """The latest analysis of an asset."""
    return await tx.one(Analysis, f"SELECT {_COLUMNS} FROM analyses WHERE asset_id = %s", asset_id)


async def lock(tx: Transaction, asset_id: int) -> Analysis | None:
    """The latest analysis of an asset, which stays as it is until the end of the transaction."""
    return await tx.one(Analysis, f"SELECT {_COLUMNS} FROM analyses WHERE asset_id = %s FOR UPDATE", asset_id)


async def is_running_in_workspace(tx: Transaction, workspace_id: int) -> bool:
    """Whether an analysis of any asset of the workspace waits or runs."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM analyses JOIN assets USING (asset_id) JOIN projects USING (project_id)"
        f" WHERE workspace_id = %s AND {_RUNNING})",
        workspace_id,
    )


async def is_running_in_project(tx: Transaction, project_id: int) -> bool:
    """Whether an analysis of any asset of the project waits or runs."""
    return await tx.value(
        f"SELECT EXISTS (SELECT FROM analyses JOIN assets USING (asset_id) WHERE project_id = %s AND {_RUNNING})",
        project_id,
    )


async def is_running_of(tx: Transaction, asset_id: int) -> bool:
    """Whether an analysis of the asset waits or runs."""
    return await tx.value(f"SELECT EXISTS (SELECT FROM analyses WHERE asset_id = %s AND {_RUNNING})", asset_id)


async def is_wanted(tx: Transaction, index_id: int) -> bool:
    """Whether that analysis waits, runs, or has become the index of its asset."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM indexes WHERE index_id = %s)"
        f" OR EXISTS (SELECT FROM analyses WHERE index_id = %s AND {_RUNNING})",
        index_id,
        index_id,
    )


async def replace(tx: Transaction, asset_id: int, setting: AnalysisSetting, user_name: str) -> Analysis:
    """A new analysis in the place of the former one."""
    await tx.run("DELETE FROM analyses WHERE asset_id = %s", asset_id)
    row = await tx.one(
        Analysis,
        "INSERT INTO analyses (asset_id, options, created_user_name, updated_user_name)"
        f" VALUES (%s, %s, %s, %s) RETURNING {_COLUMNS}",
        asset_id,
        msgspec.json.encode(setting).decode(),
        user_name,
        user_name,
    )
    assert row is not None  # noqa: S101  # an insert returns its row
    return row


async def work_of(tx: Transaction, index_id: int) -> Work:
    """What the job of an analysis is to be done to."""
    work = await tx.one(
        Work,
        f"{_WORK} WHERE index_id = %s",
        index_id,
    )
    assert work is not None  # noqa: S101  # it was written in this transaction
    return work


async def lock_index(tx: Transaction, index_id: int) -> Analysis | None:
    """The analysis of that index id, which stays as it is until the end of the transaction."""
    return await tx.one(Analysis, f"SELECT {_COLUMNS} FROM analyses WHERE index_id = %s FOR UPDATE", index_id)


async def set_job(tx: Transaction, index_id: int, job: JobId) -> None:
    """Remember which job runs the analysis."""
    await tx.run("UPDATE analyses SET job_id = %s WHERE index_id = %s", job, index_id)


async def cancel(tx: Transaction, index_id: int, user_name: str) -> None:
    """End an analysis by a user's wish."""
    await tx.run(
        "UPDATE analyses SET status = 'ANALYZE_CANCEL', message = NULL, updated_user_name = %s, updated_time = now()"
        " WHERE index_id = %s",
        user_name,
        index_id,
    )


async def delete_of(tx: Transaction, asset_id: int) -> None:
    """Forget the analysis of an asset."""
    await tx.run("DELETE FROM analyses WHERE asset_id = %s", asset_id)


async def claim(tx: Transaction, index_id: int) -> AnalysisClaim | None:
    """Begin a try of an analysis that is not over."""
    return await tx.one(
        AnalysisClaim,
        "UPDATE analyses n SET status = 'ANALYZING', attempt = attempt + 1, tries = tries + 1, updated_time = now(),"
        " waits_for = NULL, waits_since = NULL, waited_seconds = 0"
        " FROM assets a JOIN projects p USING (project_id)"
        f" WHERE a.asset_id = n.asset_id AND n.index_id = %s AND {_RUNNING}"
        " RETURNING n.index_id, n.asset_id, n.attempt, n.tries, n.options, n.created_user_name, p.workspace_id,"
        " a.managed_key, a.size_bytes, a.format, a.content_hash",
        index_id,
    )


async def set_content_hash(tx: Transaction, asset_id: int, content_hash: str) -> None:
    """Remember the hash of an asset's bytes, which never change."""
    await tx.run("UPDATE assets SET content_hash = %s WHERE asset_id = %s", content_hash, asset_id)


async def release(tx: Transaction, claim: AnalysisClaim) -> bool:
    """Give a try back that was interrupted through no fault of the file; False where the analysis is over."""
    changed = await tx.run(
        f"UPDATE analyses SET status = 'WAIT_ANALYZE', tries = tries - 1 {_OF_CLAIM}", claim.index_id, claim.attempt
    )
    return changed > 0


async def note_waiting(tx: Transaction, claim: AnalysisClaim, stage: str | None) -> None:
    """Write down which stage the analysis waits for; None: it goes on."""
    await tx.run(
        "UPDATE analyses SET waits_for = %s, waits_since = CASE WHEN %s::text IS NOT NULL THEN now() END,"
        f" waited_seconds = waited_seconds + coalesce(extract(epoch FROM now() - waits_since), 0) {_OF_CLAIM}",
        stage,
        stage,
        claim.index_id,
        claim.attempt,
    )


async def note_progress(tx: Transaction, claim: AnalysisClaim, stage: str, percent: int) -> bool:
    """Write the progress down; False where the analysis is over or claimed by a later try."""
    changed = await tx.run(
        f"UPDATE analyses SET stage = %s, percent = greatest(percent, %s) {_OF_CLAIM}",
        stage,
        percent,
        claim.index_id,
        claim.attempt,
    )
    return changed > 0


async def end(tx: Transaction, claim: AnalysisClaim, status: str, message: str | None) -> bool:
    """End an analysis; False where it is over or claimed by a later try."""
    changed = await tx.run(
        f"UPDATE analyses SET status = %s, message = %s, stage = NULL, percent = 100, updated_time = now() {_OF_CLAIM}",
        status,
        message,
        claim.index_id,
        claim.attempt,
    )
    return changed > 0


async def set_message(tx: Transaction, index_id: int, message: str | None) -> None:
    """Say something else of an analysis that this transaction ended."""
    await tx.run("UPDATE analyses SET message = %s WHERE index_id = %s", message, index_id)


async def running(tx: Transaction) -> list[int]:
    """Analyses that are not over."""
    return await tx.all(int, f"SELECT index_id FROM analyses WHERE {_RUNNING}")


async def analyses_without_job(tx: Transaction) -> list[Work]:
    """Analyses that are not over although no job serves them, locked until the end of the transaction."""
    return await tx.all(
        Work,
        f"{_WORK} WHERE {_RUNNING} AND n.created_time < now() - interval '1 minute'"
        " AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.id = job_id AND j.status IN ('todo', 'doing'))"
        " ORDER BY index_id LIMIT 1000 FOR UPDATE OF n SKIP LOCKED",
    )
