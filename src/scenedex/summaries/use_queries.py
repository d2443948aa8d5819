"""Statements about the use of services in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.summaries.use import MonthlyUse, SceneNeeds, ServiceRate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.summaries.records import ServiceUse


async def add(
    tx: Transaction, workspace_id: int, engine: str, use: ServiceUse, *, scene_count: int, seconds: float
) -> None:
    """Add to the use of a service by a workspace in this month."""
    await tx.run(
        """
        INSERT INTO summary_use AS u (
            workspace_id, month, engine, scene_count, picture_count, input_tokens, output_tokens, seconds
        )
        SELECT workspace_id, date_trunc('month', now() AT TIME ZONE 'UTC'), %(engine)s, %(scene_count)s,
            %(picture_count)s, %(input_tokens)s, %(output_tokens)s, %(seconds)s
        FROM workspaces
        WHERE workspace_id = %(workspace_id)s
        ON CONFLICT (workspace_id, month, engine) DO UPDATE
        SET scene_count = u.scene_count + excluded.scene_count,
            picture_count = u.picture_count + excluded.picture_count,
            input_tokens = u.input_tokens + excluded.input_tokens,
            output_tokens = u.output_tokens + excluded.output_tokens,
            seconds = u.seconds + excluded.seconds
        """,
        workspace_id=workspace_id,
        engine=engine,
        scene_count=scene_count,
        seconds=seconds,
        picture_count=use.picture_count,
        input_tokens=use.input_tokens,
        output_tokens=use.output_tokens,
    )


async def of_month(tx: Transaction, workspace_id: int) -> MonthlyUse:
    """Return the use of all services by a workspace in this month."""
    found = await tx.one(
        MonthlyUse,
        """
        SELECT coalesce(sum(scene_count), 0)::bigint, coalesce(sum(input_tokens + output_tokens), 0)::bigint
        FROM summary_use
        WHERE workspace_id = %(workspace_id)s AND month = date_trunc('month', now() AT TIME ZONE 'UTC')
        """,
        workspace_id=workspace_id,
    )
    return found or MonthlyUse()


async def rate(tx: Transaction, engine: str) -> ServiceRate:
    """Return the use of an engine's service by all workspaces in this month and the two before."""
    found = await tx.one(
        ServiceRate,
        """
        SELECT coalesce(sum(scene_count), 0)::bigint, coalesce(sum(picture_count), 0)::bigint,
            coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint,
            coalesce(sum(seconds), 0)
        FROM summary_use
        WHERE engine = %(engine)s AND month >= date_trunc('month', now() AT TIME ZONE 'UTC') - interval '2 months'
        """,
        engine=engine,
    )
    return found or ServiceRate()


async def needs(tx: Transaction, index_id: int, scene_ids: Sequence[int] | None, max_pictures: int) -> SceneNeeds:
    """Return the shape of the scenes of an index, or of those that are chosen.

    A character of three bytes counts as a token, and four others as one.
    """
    found = await tx.one(
        SceneNeeds,
        """
        WITH chosen AS (
            SELECT index_id, scene_id
            FROM scenes
            WHERE index_id = %(index_id)s
              AND (%(scene_ids)s::integer[] IS NULL OR scene_id = ANY(%(scene_ids)s::integer[]))
        ), said AS (
            SELECT text FROM scripts JOIN chosen USING (index_id, scene_id)
            UNION ALL
            SELECT text FROM texts JOIN chosen USING (index_id, scene_id)
        )
        SELECT
            (SELECT count(*) FROM chosen),
            (
                SELECT coalesce(sum(least(shown, %(max_pictures)s)), 0)::bigint
                FROM (
                    SELECT count(*) AS shown FROM shots JOIN chosen USING (index_id, scene_id) GROUP BY scene_id
                ) counts
            ),
            (
                SELECT coalesce(sum((octet_length(text) - length(text)) / 2
                    + (length(text) - (octet_length(text) - length(text)) / 2 + 3) / 4), 0)::bigint
                FROM said
            )
        """,
        index_id=index_id,
        scene_ids=None if scene_ids is None else list(scene_ids),
        max_pictures=max_pictures,
    )
    return found or SceneNeeds()
