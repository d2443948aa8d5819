"""Every statement about assets and their imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.records import Asset, AssetId, AssetPlace, ImportClaim, ImportState, MediaFacts, NewAsset
from scenedex.jobs import Work

if TYPE_CHECKING:
    from scenedex.assets.lifecycle import ImportStatus
    from scenedex.db.database import Transaction
    from scenedex.jobs import JobId
    from scenedex.projects.records import ProjectId

_COLUMNS = (
    "asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes,"
    " create_user_name, created_time, update_user_name, updated_time"
)
_OF_CLAIM = "WHERE asset_id = %s AND import_attempt = %s AND import_status = 'IN_PROGRESS'"


async def insert(
    tx: Transaction,
    project: ProjectId,
    *,
    file_name: str,
    key: str,
    bucket_name: str | None,
    upload_key: str | None,
    user_name: str,
) -> NewAsset:
    """A new asset in its first state."""
    row = await tx.one(
        NewAsset,
        "INSERT INTO assets (project_id, file_name, key, bucket_name, upload_key, create_user_name, update_user_name)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING asset_id, created_time,"
        " (SELECT workspace_id FROM projects p WHERE p.project_id = assets.project_id)",
        project,
        file_name,
        key,
        bucket_name,
        upload_key,
        user_name,
        user_name,
    )
    assert row is not None  # noqa: S101  # an insert returns its row
    return row


async def set_import_job(tx: Transaction, asset_id: int, job: JobId) -> None:
    """Remember which job imports the asset."""
    await tx.run("UPDATE assets SET import_job_id = %s WHERE asset_id = %s", job, asset_id)


async def page(tx: Transaction, project: ProjectId, offset: int, size: int) -> list[Asset]:
    """Assets of a project, oldest first."""
    return await tx.all(
        Asset,
        # The ids come from the database index alone, so that rows before the page are never read.
        f"SELECT {_COLUMNS} FROM assets WHERE asset_id = ANY (ARRAY("
        "SELECT asset_id FROM assets WHERE project_id = %s ORDER BY asset_id OFFSET %s LIMIT %s"
        ")) ORDER BY asset_id",
        project,
        offset,
        size,
    )


async def count(tx: Transaction, project: ProjectId) -> int:
    """How many assets the project has."""
    return await tx.value("SELECT count(*) FROM assets WHERE project_id = %s", project)


async def find(tx: Transaction, project: ProjectId, asset_id: AssetId) -> Asset | None:
    """An asset of that project."""
    return await tx.one(
        Asset, f"SELECT {_COLUMNS} FROM assets WHERE project_id = %s AND asset_id = %s", project, asset_id
    )


async def lock(tx: Transaction, project: ProjectId, asset_id: AssetId) -> Asset | None:
    """An asset of that project, which stays as it is until the end of the transaction."""
    return await tx.one(
        Asset,
        f"SELECT {_COLUMNS} FROM assets WHERE project_id = %s AND asset_id = %s FOR UPDATE",
        project,
        asset_id,
    )


async def import_state(tx: Transaction, project: ProjectId, asset_id: AssetId) -> ImportState | None:
    """How far the import of an asset has come."""

    def make(status: str, result: str | None, reason: str | None, percent: int, *columns: object) -> ImportState:
        return ImportState(status, result, reason, percent, Asset(*columns))  # pyright: ignore[reportArgumentType]  # the columns are those of Asset

    return await tx.one(
        make,
        f"SELECT import_status, import_result, import_reason, import_percent, {_COLUMNS}"
        " FROM assets WHERE project_id = %s AND asset_id = %s",
        project,
        asset_id,
    )


async def move(tx: Transaction, asset_id: AssetId, project: ProjectId, user_name: str) -> Asset | None:
    """The asset in its new project, and its upload, whose bytes a waiting import still needs, with it."""
    return await tx.one(
        Asset,
        "WITH upload AS (UPDATE uploads SET project_id = %s WHERE asset_id = %s)"
        " UPDATE assets SET project_id = %s, update_user_name = %s, updated_time = now()"
        f" WHERE asset_id = %s RETURNING {_COLUMNS}",
        project,
        asset_id,
        project,
        user_name,
        asset_id,
    )


async def workspace_of(tx: Transaction, asset_id: AssetId) -> int:
    """The workspace of an asset."""
    return await tx.value(
        "SELECT workspace_id FROM assets JOIN projects USING (project_id) WHERE asset_id = %s", asset_id
    )


async def naming(tx: Transaction, asset_id: AssetId) -> tuple[int, str] | None:
    """The workspace and file name of an asset; None: it has gone."""

    def pair(workspace_id: int, file_name: str) -> tuple[int, str]:
        return workspace_id, file_name

    return await tx.one(
        pair,
        "SELECT workspace_id, file_name FROM assets JOIN projects USING (project_id) WHERE asset_id = %s",
        asset_id,
    )


async def delete(tx: Transaction, asset_id: AssetId) -> JobId | None:
    """Remove an asset and all rows below it; the job that imports it, if any."""
    return await tx.value("DELETE FROM assets WHERE asset_id = %s RETURNING import_job_id", asset_id)


async def place(tx: Transaction, asset_id: int) -> AssetPlace | None:
    """Whose an asset is and where; None where it is gone."""
    return await tx.one(
        AssetPlace,
        "SELECT a.create_user_name, w.workspace_name, a.project_id"
        " FROM assets a JOIN projects USING (project_id) JOIN workspaces w USING (workspace_id) WHERE a.asset_id = %s",
        asset_id,
    )


async def claim_import(tx: Transaction, asset_id: int) -> ImportClaim | None:
    """Begin a try of an import that is not over."""
    return await tx.one(
        ImportClaim,
        "UPDATE assets SET import_attempt = import_attempt + 1, import_tries = import_tries + 1"
        " WHERE asset_id = %s AND import_status = 'IN_PROGRESS'"
        " RETURNING asset_id, import_attempt, import_tries, bucket_name, key, upload_key",
        asset_id,
    )


async def release_import(tx: Transaction, claim: ImportClaim) -> None:
    """Give a try back that was interrupted through no fault of the file."""
    await tx.run(f"UPDATE assets SET import_tries = import_tries - 1 {_OF_CLAIM}", claim.asset_id, claim.attempt)


async def set_import_percent(tx: Transaction, claim: ImportClaim, percent: int) -> bool:
    """Note the progress; False where the asset is gone or claimed by a later try."""
    changed = await tx.run(
        f"UPDATE assets SET import_percent = greatest(import_percent, %s) {_OF_CLAIM}",
        percent,
        claim.asset_id,
        claim.attempt,
    )
    return changed > 0


async def complete_import(tx: Transaction, claim: ImportClaim, facts: MediaFacts, managed_key: str, etag: str) -> bool:
    """End an import well; False where the asset is gone or claimed by a later try."""
    changed = await tx.run(
        "UPDATE assets SET import_status = 'COMPLETED', import_percent = 100, import_reason = NULL, format = %s,"
        f" width = %s, height = %s, duration_ms = %s, size_bytes = %s, managed_key = %s, source_etag = %s,"
        f" updated_time = now() {_OF_CLAIM}",
        facts.format,
        facts.width,
        facts.height,
        facts.duration_ms,
        facts.size_bytes,
        managed_key,
        etag,
        claim.asset_id,
        claim.attempt,
    )
    return changed > 0


async def end_import(tx: Transaction, claim: ImportClaim, status: ImportStatus, result: str, reason: str) -> bool:
    """End an import with a refusal or failure; False where the asset is gone or claimed by a later try."""
    changed = await tx.run(
        "UPDATE assets SET import_status = %s, import_result = %s, import_reason = %s, updated_time = now()"
        f" {_OF_CLAIM}",
        status.value,
        result,
        reason,
        claim.asset_id,
        claim.attempt,
    )
    return changed > 0


async def needs_copy(tx: Transaction, asset_id: int, managed_key: str) -> bool:
    """Whether an object is the copy of an asset, or will be: uploaded bytes have one place for all tries."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM assets WHERE asset_id = %s"
        " AND (managed_key = %s OR upload_key IS NOT NULL AND import_status = 'IN_PROGRESS'))",
        asset_id,
        managed_key,
    )


async def cancel_import(tx: Transaction, asset_id: int, result: str, reason: str) -> JobId | None:
    """End an import that goes on; the job that serves it, or None where it is over or gone."""
    return await tx.value(
        "UPDATE assets SET import_status = 'FAILED', import_result = %s, import_reason = %s, updated_time = now()"
        " WHERE asset_id = %s AND import_status = 'IN_PROGRESS' RETURNING coalesce(import_job_id, 0)",
        result,
        reason,
        asset_id,
    )


async def import_again(tx: Transaction, asset_id: int) -> Work | None:
    """Begin an import anew that failed; None where it did not, or its bytes were uploaded and have gone since."""
    return await tx.one(
        Work,
        "UPDATE assets a SET import_status = 'IN_PROGRESS', import_percent = 0, import_tries = 0, import_result = NULL,"
        " import_reason = NULL, updated_time = now() FROM projects p WHERE p.project_id = a.project_id"
        " AND asset_id = %s AND import_status NOT IN ('IN_PROGRESS', 'COMPLETED') AND upload_key IS NULL"
        " RETURNING a.asset_id, p.workspace_id",
        asset_id,
    )


async def imports_without_job(tx: Transaction) -> list[Work]:
    """Assets whose import is not over although no job serves it, locked until the end of the transaction."""
    return await tx.all(
        Work,
        "SELECT asset_id, workspace_id FROM assets a JOIN projects USING (project_id)"
        " WHERE import_status = 'IN_PROGRESS' AND a.created_time < now() - interval '1 minute' AND NOT EXISTS"
        " (SELECT FROM procrastinate_jobs j WHERE j.id = import_job_id AND j.status IN ('todo', 'doing'))"
        " ORDER BY asset_id LIMIT 1000 FOR UPDATE OF a SKIP LOCKED",
    )
