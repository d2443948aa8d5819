"""SQL statement of statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.statistics.records import DaySums

if TYPE_CHECKING:
    from datetime import tzinfo

    from scenedex.db.database import Transaction
    from scenedex.statistics.records import DayRange
    from scenedex.workspaces.records import WorkspaceId


async def sums_of_days(tx: Transaction, workspace: WorkspaceId, days: DayRange, zone: tzinfo) -> list[DaySums]:
    """Return the sums of each day, also of those without events."""
    start, end = days.bounds(zone)
    return await tx.all(
        DaySums,
        """
        WITH ends AS (
            SELECT
                (ended_time AT TIME ZONE %(zone)s)::date AS day,
                count(*) FILTER (WHERE status = 'ANALYZE_COMPLETED') AS completed,
                count(*) FILTER (WHERE status = 'ANALYZE_FAIL') AS failed,
                count(*) FILTER (WHERE status = 'ANALYZE_CANCEL') AS canceled,
                sum(media_ms)::bigint AS media_ms,
                sum(not_analysed)::bigint AS not_analysed
            FROM analysis_ends
            WHERE workspace_id = %(workspace)s AND ended_time >= %(start)s AND ended_time < %(end)s
            GROUP BY 1
        ), changes AS (
            -- All that happened before the first day belongs to its sum.
            SELECT greatest((changed_time AT TIME ZONE %(zone)s)::date, %(first)s::date) AS day, sum(bytes) AS bytes
            FROM storage_changes
            WHERE workspace_id = %(workspace)s AND changed_time < %(end)s
            GROUP BY 1
        )
        SELECT
            day,
            coalesce(completed, 0),
            coalesce(failed, 0),
            coalesce(canceled, 0),
            coalesce(media_ms, 0),
            coalesce(not_analysed, 0),
            coalesce(sum(bytes) OVER (ORDER BY day), 0)::bigint
        FROM (
            SELECT moment::date AS day
            FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') moment
        ) days
        LEFT JOIN ends USING (day)
        LEFT JOIN changes USING (day)
        ORDER BY day
        """,
        workspace=workspace,
        zone=str(zone),
        start=start,
        end=end,
        first=days.first,
        last=days.last,
    )
