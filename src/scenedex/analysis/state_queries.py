"""Statements about assets together with the states of their imports and analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.analysis.state_records import AssetState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.analysis.state_records import StateFilter, StateName
    from scenedex.db.database import Transaction
    from scenedex.projects.records import ProjectId

_CONDITIONS: Final[Mapping[StateName, LiteralString]] = {
    "FAILED": """
        AND (import_status NOT IN ('IN_PROGRESS', 'COMPLETED') OR EXISTS (
            SELECT FROM analyses WHERE analyses.asset_id = assets.asset_id AND status = 'ANALYZE_FAIL'
        ))""",
    "NOT_ANALYSED": """
        AND import_status = 'COMPLETED'
        AND NOT EXISTS (SELECT FROM indexes WHERE indexes.asset_id = assets.asset_id)""",
    "DUPLICATE": """
        AND EXISTS (SELECT FROM earlier_copies WHERE earlier_copies.asset_id = assets.asset_id)""",
}
_NAME = "AND strpos(lower(normalize(key, NFC)), lower(%(name)s)) > 0"


async def page(tx: Transaction, project: ProjectId, wanted: StateFilter, offset: int, size: int) -> list[AssetState]:
    """Return a page of the assets of a project that pass a filter, oldest first."""
    return await tx.all(
        AssetState,
        f"""
        SELECT asset_id, file_name, project_id, key, format, width, height, assets.duration_ms, size_bytes,
            create_user_name, assets.created_time, update_user_name, assets.updated_time,
            bucket_name, import_status, import_result, import_reason, import_percent,
            coalesce(analyses.status, 'BEFORE_ANALYZE'), analyses.message, analyses.stage, analyses.percent,
            indexes.created_time,
            (SELECT min(earlier_asset_id) FROM earlier_copies WHERE earlier_copies.asset_id = assets.asset_id)
        FROM assets
        LEFT JOIN analyses USING (asset_id)
        LEFT JOIN indexes USING (asset_id)
        WHERE asset_id = ANY (ARRAY(
            SELECT asset_id
            FROM assets
            WHERE project_id = %(project)s {_conditions(wanted)}
            ORDER BY asset_id
            OFFSET %(offset)s LIMIT %(size)s
        ))
        ORDER BY asset_id
        """,
        project=project,
        name=wanted.name,
        offset=offset,
        size=size,
    )


async def count(tx: Transaction, project: ProjectId, wanted: StateFilter) -> int:
    """Count the assets of a project that pass a filter."""
    return await tx.value(
        f"""
        SELECT count(*)
        FROM assets
        WHERE project_id = %(project)s {_conditions(wanted)}
        """,
        project=project,
        name=wanted.name,
    )


def _conditions(wanted: StateFilter) -> LiteralString:
    by_state = "" if wanted.state is None else _CONDITIONS[wanted.state]
    return by_state if wanted.name is None else f"{by_state} {_NAME}"
