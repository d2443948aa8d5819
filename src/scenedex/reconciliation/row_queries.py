"""Statements that find rows without jobs, jobs without rows, leftover rows and wrong counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.db.database import as_tuple
from scenedex.reconciliation.records import MAX_EXAMPLES, FindingKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.jobs.state import JobRef

# A row is the number of all findings of the kind, and the text of one.
_FINDINGS: Final[Mapping[FindingKind, LiteralString]] = {
    FindingKind.IMPORT_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'asset ' || asset_id || ' (' || file_name || ')'
        FROM assets
        WHERE import_status = 'IN_PROGRESS' AND created_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = import_job_id)
        LIMIT %(limit)s
    """,
    FindingKind.ANALYSIS_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'asset ' || asset_id || ' (' || file_name || ')'
        FROM analyses n
        JOIN assets a USING (asset_id)
        WHERE n.status IN ('WAIT_ANALYZE', 'ANALYZING') AND n.created_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = n.job_id)
        LIMIT %(limit)s
    """,
    FindingKind.PICTURE_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'picture ' || picture_key
        FROM pictures
        WHERE state = 'CHECKING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        LIMIT %(limit)s
    """,
    FindingKind.PROXY_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'asset ' || asset_id || ' (' || file_name || ')'
        FROM proxies x
        JOIN assets USING (asset_id)
        WHERE x.status IN ('WAITING', 'RUNNING') AND x.updated_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = x.job_id)
        LIMIT %(limit)s
    """,
    FindingKind.SEARCH_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'search ' || search_id
        FROM searches
        WHERE state = 'RUNNING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        LIMIT %(limit)s
    """,
    FindingKind.QUESTION_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'question ' || question_id
        FROM questions
        WHERE state = 'RUNNING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        LIMIT %(limit)s
    """,
    FindingKind.REINDEXING_WITHOUT_JOB: """
        SELECT count(*) OVER (), 'workspace ' || workspace_name
        FROM reindexings r
        JOIN workspaces USING (workspace_id)
        WHERE r.state = 'RUNNING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = r.job_id)
        LIMIT %(limit)s
    """,
    # Outputs that no asset has, and files for further stages that only an ended analysis needed.
    FindingKind.LEFT_OUTPUT: """
        SELECT count(*) OVER (), 'output ' || output_id || ' of ' || stage || ': ' || folder
        FROM stage_outputs o
        WHERE o.created_time < %(cutoff)s
          AND (
              NOT EXISTS (
                  SELECT FROM assets a
                  JOIN projects p USING (project_id)
                  WHERE a.content_hash = o.content_hash AND p.workspace_id = o.workspace_id
              )
              OR o.is_transient AND NOT EXISTS (
                  SELECT FROM analyses n WHERE n.index_id = o.made_for AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
              )
          )
        LIMIT %(limit)s
    """,
    # A running reindexing writes the words.
    FindingKind.SCENE_WITHOUT_WORDS: """
        SELECT count(*) OVER (), 'asset ' || asset_id || ' (' || file_name || '), scene ' || scene_id
        FROM scenes
        JOIN indexes USING (index_id)
        JOIN assets USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE words IS NULL
          AND NOT EXISTS (SELECT FROM reindexings r WHERE r.workspace_id = p.workspace_id AND r.state = 'RUNNING')
        LIMIT %(limit)s
    """,
    FindingKind.STRAY_VECTOR: """
        SELECT count(*) OVER (), 'index ' || index_id || ', scene ' || scene_id
        FROM scene_vectors v
        WHERE NOT EXISTS (SELECT FROM scenes s WHERE s.index_id = v.index_id AND s.scene_id = v.scene_id)
        LIMIT %(limit)s
    """,
    FindingKind.MISCOUNTED_WORD: """
        SELECT count(*) OVER (), term || ': ' || written || ' instead of ' || counted
        FROM (
            SELECT coalesce(t.term, lexeme) AS term, coalesce(t.scene_count, 0) AS written,
                coalesce(scenes, 0) AS counted
            FROM (SELECT lexeme, count(*) AS scenes FROM scenes, unnest(words) AS word GROUP BY lexeme) c
            FULL JOIN search_terms t ON t.term = c.lexeme COLLATE "C"
            WHERE t.scene_count IS DISTINCT FROM c.scenes
        ) miscounted
        LIMIT %(limit)s
    """,
}


async def find(tx: Transaction, kind: FindingKind, cutoff: datetime) -> tuple[int, list[str]]:
    """Return the number of findings of a kind that are older than the cutoff, and the first of them."""
    found = await tx.all(as_tuple, _FINDINGS[kind], cutoff=cutoff, limit=MAX_EXAMPLES)
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
                WHEN 'proxy' THEN EXISTS (
                    SELECT FROM proxies
                    WHERE asset_id = j.subject AND job_id = j.id AND status IN ('WAITING', 'RUNNING')
                )
                WHEN 'summary' THEN EXISTS (
                    SELECT FROM summary_runs
                    WHERE summary_id = j.subject AND job_id = j.id AND status IN ('WAIT_SUMMARIZE', 'SUMMARIZING')
                )
                WHEN 'watch' THEN EXISTS (
                    SELECT FROM watches WHERE watch_id = j.subject AND job_id = j.id AND status = 'ACTIVE'
                )
                WHEN 'bulk-import' THEN EXISTS (
                    SELECT FROM bulk_imports
                    WHERE import_id = j.subject AND job_id = j.id AND status IN ('WAITING', 'RUNNING')
                )
                WHEN 'search' THEN EXISTS (
                    SELECT FROM searches WHERE search_number = j.subject AND job_id = j.id AND state = 'RUNNING'
                )
                WHEN 'question' THEN EXISTS (
                    SELECT FROM questions WHERE question_number = j.subject AND job_id = j.id AND state = 'RUNNING'
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
        """
        DELETE FROM stage_outputs o
        WHERE o.created_time < %(cutoff)s
          AND (
              NOT EXISTS (
                  SELECT FROM assets a
                  JOIN projects p USING (project_id)
                  WHERE a.content_hash = o.content_hash AND p.workspace_id = o.workspace_id
              )
              OR o.is_transient AND NOT EXISTS (
                  SELECT FROM analyses n WHERE n.index_id = o.made_for AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
              )
          )
          AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
        """,
        cutoff=cutoff,
    )


async def delete_stray_vectors(tx: Transaction) -> None:
    """Delete vectors of scenes that do not exist."""
    await tx.run(
        """
        DELETE FROM scene_vectors v
        WHERE NOT EXISTS (SELECT FROM scenes s WHERE s.index_id = v.index_id AND s.scene_id = v.scene_id)
        """
    )


async def workspaces_miscounted(tx: Transaction) -> list[int]:
    """Return the workspaces with wrong counts of words."""
    return await tx.all(
        int,
        """
        SELECT DISTINCT split_part(term, ':', 1)::bigint AS workspace_id
        FROM (
            SELECT coalesce(t.term, lexeme) AS term
            FROM (SELECT lexeme, count(*) AS scenes FROM scenes, unnest(words) AS word GROUP BY lexeme) c
            FULL JOIN search_terms t ON t.term = c.lexeme COLLATE "C"
            WHERE t.scene_count IS DISTINCT FROM c.scenes
        ) miscounted
        ORDER BY workspace_id
        """,
    )
