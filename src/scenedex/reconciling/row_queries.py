"""Statements that find rows without jobs, jobs without rows, leftover rows and wrong counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.db.database import as_tuple
from scenedex.jobs.state import has_live_job
from scenedex.reconciling.records import MAX_EXAMPLES, FindingKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.jobs.state import JobRef

# Outputs that no asset has, and files for further stages that only an ended analysis needed.
_IS_LEFT_OUTPUT: LiteralString = """
    o.created_time < %(cutoff)s
    AND (
        NOT EXISTS (
            SELECT FROM assets a JOIN projects p USING (project_id)
            WHERE a.content_hash = o.content_hash AND p.workspace_id = o.workspace_id
        )
        OR o.is_transient AND NOT EXISTS (
            SELECT FROM analyses n WHERE n.index_id = o.made_for AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
        )
    )
"""
_IS_STRAY_VECTOR: LiteralString = """
    NOT EXISTS (SELECT FROM scenes s WHERE s.index_id = v.index_id AND s.scene_id = v.scene_id)
"""
_MISCOUNTED: LiteralString = """
    SELECT coalesce(t.term, lexeme) AS term, coalesce(t.scene_count, 0) AS written, coalesce(scenes, 0) AS counted
    FROM (SELECT lexeme, count(*) AS scenes FROM scenes, unnest(words) AS word GROUP BY lexeme) c
    FULL JOIN search_terms t ON t.term = c.lexeme COLLATE "C"
    WHERE t.scene_count IS DISTINCT FROM c.scenes
"""

_EXAMPLES: Final[Mapping[FindingKind, LiteralString]] = {
    FindingKind.IMPORT_WITHOUT_JOB: f"""
        SELECT 'asset ' || asset_id || ' (' || file_name || ')'
        FROM assets
        WHERE import_status = 'IN_PROGRESS' AND created_time < now() - interval '1 minute'
        AND NOT {has_live_job("import_job_id")}
    """,
    FindingKind.ANALYSIS_WITHOUT_JOB: f"""
        SELECT 'asset ' || asset_id || ' (' || file_name || ')'
        FROM analyses n
        JOIN assets a USING (asset_id)
        WHERE n.status IN ('WAIT_ANALYZE', 'ANALYZING') AND n.created_time < now() - interval '1 minute'
        AND NOT {has_live_job("n.job_id")}
    """,
    FindingKind.PICTURE_WITHOUT_JOB: f"""
        SELECT 'picture ' || picture_key
        FROM pictures
        WHERE state = 'CHECKING' AND NOT {has_live_job("job_id")}
    """,
    FindingKind.SEARCH_WITHOUT_JOB: f"""
        SELECT 'search ' || search_id
        FROM searches
        WHERE state = 'RUNNING' AND NOT {has_live_job("job_id")}
    """,
    FindingKind.REINDEXING_WITHOUT_JOB: f"""
        SELECT 'workspace ' || workspace_name
        FROM reindexings r
        JOIN workspaces USING (workspace_id)
        WHERE r.state = 'RUNNING' AND NOT {has_live_job("r.job_id")}
    """,
    FindingKind.LEFT_OUTPUT: f"""
        SELECT 'output ' || output_id || ' of ' || stage || ': ' || folder
        FROM stage_outputs o
        WHERE {_IS_LEFT_OUTPUT}
    """,
    # A running reindexing writes the words.
    FindingKind.SCENE_WITHOUT_WORDS: """
        SELECT 'asset ' || asset_id || ' (' || file_name || '), scene ' || scene_id
        FROM scenes
        JOIN indexes USING (index_id)
        JOIN assets USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE words IS NULL
        AND NOT EXISTS (SELECT FROM reindexings r WHERE r.workspace_id = p.workspace_id AND r.state = 'RUNNING')
    """,
    FindingKind.STRAY_VECTOR: f"""
        SELECT 'index ' || index_id || ', scene ' || scene_id
        FROM scene_vectors v
        WHERE {_IS_STRAY_VECTOR}
    """,
    FindingKind.MISCOUNTED_WORD: f"""
        SELECT term || ': ' || written || ' instead of ' || counted
        FROM ({_MISCOUNTED}) miscounted
    """,
}


async def find(tx: Transaction, kind: FindingKind, cutoff: datetime) -> tuple[int, list[str]]:
    """Return the number of findings of a kind that are older than the cutoff, and the first of them."""
    statement = f"SELECT count(*) OVER (), * FROM ({_EXAMPLES[kind]}) AS found LIMIT %(limit)s"
    found = await tx.all(as_tuple, statement, cutoff=cutoff, limit=MAX_EXAMPLES)
    return (found[0][0] if found else 0), [example for _, example in found]


async def stuck_erasures(tx: Transaction, cutoff: datetime) -> list[str]:
    """Return folders that were due for erasure at the cutoff."""
    return await tx.all(str, "SELECT prefix FROM erasures WHERE not_before < %(cutoff)s", cutoff=cutoff)


async def jobs_without_row(tx: Transaction, jobs: Sequence[JobRef]) -> set[int]:
    """Return the ids of these waiting jobs whose row has ended, names another job, or does not exist."""
    return set(
        await tx.all(
            int,
            """
            SELECT j.id
            FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(subjects)s::bigint[]) AS j (id, kind, subject)
            WHERE NOT CASE j.kind
                WHEN 'import' THEN EXISTS (
                    SELECT FROM assets
                    WHERE asset_id = j.subject AND import_job_id = j.id AND import_status = 'IN_PROGRESS'
                )
                WHEN 'analysis' THEN EXISTS (
                    SELECT FROM analyses n
                    WHERE n.index_id = j.subject AND n.job_id = j.id AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
                )
                WHEN 'picture' THEN EXISTS (
                    SELECT FROM pictures WHERE picture_id = j.subject AND job_id = j.id AND state = 'CHECKING'
                )
                WHEN 'search' THEN EXISTS (
                    SELECT FROM searches WHERE search_number = j.subject AND job_id = j.id AND state = 'RUNNING'
                )
                WHEN 'reindexing' THEN EXISTS (
                    SELECT FROM reindexings WHERE workspace_id = j.subject AND job_id = j.id AND state = 'RUNNING'
                )
                ELSE true
            END
            """,
            ids=[job.id for job in jobs],
            kinds=[job.kind for job in jobs],
            subjects=[job.subject for job in jobs],
        )
    )


async def delete_left_outputs(tx: Transaction, cutoff: datetime) -> None:
    """Delete leftover outputs of stages, except those that an index shows."""
    await tx.run(
        f"""
        DELETE FROM stage_outputs o
        WHERE {_IS_LEFT_OUTPUT}
        AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
        """,
        cutoff=cutoff,
    )


async def delete_stray_vectors(tx: Transaction) -> None:
    """Delete vectors of scenes that do not exist."""
    await tx.run(f"DELETE FROM scene_vectors v WHERE {_IS_STRAY_VECTOR}")


async def workspaces_miscounted(tx: Transaction) -> list[int]:
    """Return the workspaces with wrong counts of words."""
    return await tx.all(
        int,
        f"""
        SELECT DISTINCT split_part(term, ':', 1)::bigint AS workspace_id
        FROM ({_MISCOUNTED}) miscounted
        ORDER BY workspace_id
        """,
    )
