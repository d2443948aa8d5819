"""Statements about assets together with the states of their imports and analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.analysis.state_records import AssetState, StateCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.analysis.state_records import AssetOrder, StateFilter, StateName
    from scenedex.assets.records import AssetId
    from scenedex.db.database import Transaction
    from scenedex.projects.records import ProjectId
    from scenedex.workspaces.records import WorkspaceId

_CONDITIONS: Final[Mapping[StateName, LiteralString]] = {
    "IMPORTING": """
        AND import_status = 'IN_PROGRESS'""",
    "WAITING": """
        AND EXISTS (SELECT FROM analyses WHERE analyses.asset_id = assets.asset_id AND status = 'WAIT_ANALYZE')""",
    "ANALYSING": """
        AND EXISTS (SELECT FROM analyses WHERE analyses.asset_id = assets.asset_id AND status = 'ANALYZING')""",
    "ANALYSED": """
        AND EXISTS (SELECT FROM indexes WHERE indexes.asset_id = assets.asset_id)""",
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
_DIRECTIONS: Final[Mapping[AssetOrder, LiteralString]] = {"OLDEST": "ASC", "NEWEST": "DESC"}
_STATE: Final[LiteralString] = """
    SELECT asset_id, file_name, project_id, key, format, width, height, assets.duration_ms, size_bytes,
        create_user_name, assets.created_time, update_user_name, assets.updated_time,
        bucket_name, import_status, import_result, import_reason, import_percent,
        coalesce(analyses.status, 'BEFORE_ANALYZE'), analyses.message, analyses.stage, analyses.percent,
        indexes.created_time, coalesce(summary_runs.status, 'BEFORE_SUMMARIZE'),
        (SELECT min(earlier_asset_id) FROM earlier_copies WHERE earlier_copies.asset_id = assets.asset_id),
        coalesce(
            (SELECT poster_key FROM index_previews WHERE index_previews.index_id = indexes.index_id),
            (SELECT keyframe_key FROM scenes WHERE scenes.index_id = indexes.index_id ORDER BY scene_id LIMIT 1)
        )
    FROM assets
    LEFT JOIN analyses USING (asset_id)
    LEFT JOIN indexes USING (asset_id)
    LEFT JOIN summary_runs ON summary_runs.index_id = indexes.index_id
"""
_NAME = "AND strpos(lower(normalize(key, NFC)), lower(%(name)s)) > 0"


async def page(  # filter, order and page of a list
    tx: Transaction, project: ProjectId, wanted: StateFilter, order: AssetOrder, offset: int, size: int
) -> list[AssetState]:
    """Return a page of the assets of a project that pass a filter."""
    direction = _DIRECTIONS[order]
    return await tx.all(
        AssetState,
        f"""
        {_STATE}
        WHERE asset_id = ANY (ARRAY(
            SELECT asset_id
            FROM assets
            WHERE project_id = %(project)s {_conditions(wanted)}
            ORDER BY asset_id {direction}
            OFFSET %(offset)s LIMIT %(size)s
        ))
        ORDER BY asset_id {direction}
        """,
        project=project,
        name=wanted.name,
        offset=offset,
        size=size,
    )


async def find(tx: Transaction, workspace: WorkspaceId, asset_id: AssetId) -> AssetState | None:
    """Return an asset of a workspace."""
    return await tx.one(
        AssetState,
        f"""
        {_STATE}
        WHERE asset_id = %(asset_id)s
            AND project_id IN (SELECT project_id FROM projects WHERE workspace_id = %(workspace)s)
        """,
        asset_id=asset_id,
        workspace=workspace,
    )


async def counts(tx: Transaction, project: ProjectId) -> StateCounts:
    """Count the assets of a project in each state."""
    [found] = await tx.all(
        StateCounts,
        """
        SELECT count(*),
            count(*) FILTER (WHERE import_status = 'IN_PROGRESS'),
            count(*) FILTER (
                WHERE import_status NOT IN ('IN_PROGRESS', 'COMPLETED') OR analyses.status = 'ANALYZE_FAIL'
            ),
            count(*) FILTER (WHERE import_status = 'COMPLETED' AND indexes.index_id IS NULL),
            count(*) FILTER (WHERE analyses.status = 'WAIT_ANALYZE'),
            count(*) FILTER (WHERE analyses.status = 'ANALYZING'),
            count(indexes.index_id),
            count(*) FILTER (
                WHERE EXISTS (SELECT FROM earlier_copies WHERE earlier_copies.asset_id = assets.asset_id)
            )
        FROM assets
        LEFT JOIN analyses USING (asset_id)
        LEFT JOIN indexes USING (asset_id)
        WHERE project_id = %(project)s
        """,
        project=project,
    )
    return found


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
