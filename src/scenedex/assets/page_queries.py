"""SQL statement of a page of assets, which PostgreSQL writes in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.records import AssetPage

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.projects.records import ProjectId


async def page(tx: Transaction, project: ProjectId, offset: int, size: int, zone: str) -> AssetPage:
    """Return a page of the assets of a project, oldest first, and their total.

    The ids come from the database index alone, read from its nearer end, so that other rows are never read.
    JSON from the database costs the API process a tenth of the time of as many rows.

    Args:
        tx: transaction or connection.
        project: the project.
        offset: number of assets before the page, at most 2^62.
        size: maximum number of assets on the page.
        zone: time zone of the times, by its IANA name.
    """
    found = await tx.one(
        AssetPage,
        """
        WITH counted AS MATERIALIZED (
            SELECT count(*) AS total
            FROM assets
            WHERE project_id = %(project)s
        ), ids AS (
            (
                SELECT asset_id
                FROM assets
                WHERE project_id = %(project)s AND %(offset)s::bigint <= (SELECT total / 2 FROM counted)
                ORDER BY asset_id
                OFFSET %(offset)s::bigint LIMIT %(size)s::bigint
            )
            UNION ALL
            (
                SELECT asset_id
                FROM assets
                WHERE project_id = %(project)s AND %(offset)s::bigint > (SELECT total / 2 FROM counted)
                ORDER BY asset_id DESC
                OFFSET (SELECT greatest(total - %(offset)s::bigint - %(size)s::bigint, 0) FROM counted)
                LIMIT (SELECT greatest(least(total - %(offset)s::bigint, %(size)s::bigint), 0) FROM counted)
            )
        )
        SELECT
            convert_to('[' || coalesce((
                SELECT string_agg(
                    '{"assetId":' || asset_id
                    || ',"fileName":' || to_json(file_name)
                    || ',"projectId":' || project_id
                    || CASE WHEN format IS NULL THEN '' ELSE
                        ',"metaData":{"resolution":"' || width || 'x' || height
                        || '","durationMs":' || coalesce(duration_ms, 0)
                        || ',"size":' || coalesce(size_bytes, 0)
                        || ',"format":"' || format || '"}'
                    END
                    || ',"key":' || to_json(key)
                    || ',"createUserName":' || to_json(create_user_name)
                    || ',"createdTime":"' || to_char(created_time AT TIME ZONE %(zone)s, 'YYYY-MM-DD"T"HH24:MI:SS')
                    || '","updateUserName":' || to_json(update_user_name)
                    || ',"updatedTime":"' || to_char(updated_time AT TIME ZONE %(zone)s, 'YYYY-MM-DD"T"HH24:MI:SS')
                    || '"}',
                    ',' ORDER BY asset_id
                )
                FROM assets
                WHERE asset_id = ANY (ARRAY(SELECT asset_id FROM ids))
            ), '') || ']', 'UTF8'),
            total
        FROM counted
        """,
        project=project,
        offset=offset,
        size=size,
        zone=zone,
    )
    assert found is not None  # noqa: S101  # a count returns its row
    return found
