"""The statements that find rows, jobs and counts that do not fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.jobs import JobId
from scenedex.reconciling.records import SHOWN, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scenedex.db.database import Transaction

_LIVE: LiteralString = "EXISTS (SELECT FROM procrastinate_jobs j WHERE j.id = {} AND j.status IN ('todo', 'doing'))"
_SUBJECT: LiteralString = "(j.args->>'subject')::bigint"
_JOB: LiteralString = "j.task_name || ' job ' || j.id || ' of ' || " + _SUBJECT
_HAS_ASSET: LiteralString = (
    "EXISTS (SELECT FROM assets a JOIN projects p USING (project_id)"
    " WHERE a.content_hash = o.content_hash AND p.workspace_id = o.workspace_id)"
)
_LEFT_OUTPUT: LiteralString = (
    "stage_outputs o WHERE o.created_time < (SELECT cutoff FROM moments) AND (NOT "
    + _HAS_ASSET
    + " OR is_transient AND NOT EXISTS"
    " (SELECT FROM analyses n WHERE n.index_id = o.made_for AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')))"
)
_JOB_WITHOUT_ROW: LiteralString = (
    "procrastinate_jobs j WHERE j.status = 'todo'"
    " AND (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id) < (SELECT cutoff FROM moments)"
    " AND NOT CASE task_name"
    f" WHEN 'import' THEN EXISTS (SELECT FROM assets WHERE asset_id = {_SUBJECT}"
    " AND import_job_id = j.id AND import_status = 'IN_PROGRESS')"
    f" WHEN 'analysis' THEN EXISTS (SELECT FROM analyses WHERE index_id = {_SUBJECT}"
    " AND job_id = j.id AND analyses.status IN ('WAIT_ANALYZE', 'ANALYZING'))"
    f" WHEN 'picture' THEN EXISTS (SELECT FROM pictures WHERE picture_id = {_SUBJECT}"
    " AND job_id = j.id AND state = 'CHECKING')"
    f" WHEN 'search' THEN EXISTS (SELECT FROM searches WHERE search_number = {_SUBJECT}"
    " AND job_id = j.id AND state = 'RUNNING')"
    f" WHEN 'reindexing' THEN EXISTS (SELECT FROM reindexings WHERE workspace_id = {_SUBJECT}"
    " AND job_id = j.id AND state = 'RUNNING')"
    " ELSE true END"
)
_JOB_OF_DEAD_WORKER: LiteralString = (
    "procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"
    " WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < (SELECT stalled FROM moments))"
)
_STRAY_VECTOR: LiteralString = (
    "scene_vectors v WHERE NOT EXISTS (SELECT FROM scenes s WHERE s.index_id = v.index_id AND s.scene_id = v.scene_id)"
)
_RECOUNT: LiteralString = (
    "(SELECT lexeme, count(*) AS scenes FROM scenes, unnest(words) AS word GROUP BY lexeme) counted"
    ' FULL JOIN search_terms t ON t.term = counted.lexeme COLLATE "C"'
    " WHERE t.scene_count IS DISTINCT FROM counted.scenes"
)

_FINDING: Final[Mapping[Kind, LiteralString]] = {
    Kind.JOB_WITHOUT_ROW: f"SELECT {_JOB} FROM {_JOB_WITHOUT_ROW}",
    Kind.JOB_OF_DEAD_WORKER: f"SELECT {_JOB} FROM {_JOB_OF_DEAD_WORKER}",
    Kind.IMPORT_WITHOUT_JOB: (
        "SELECT 'asset ' || asset_id || ' (' || file_name || ')' FROM assets WHERE import_status = 'IN_PROGRESS'"
        " AND created_time < now() - interval '1 minute' AND NOT " + _LIVE.format("import_job_id")
    ),
    Kind.ANALYSIS_WITHOUT_JOB: (
        "SELECT 'asset ' || asset_id || ' (' || file_name || ')' FROM analyses n JOIN assets a USING (asset_id)"
        " WHERE n.status IN ('WAIT_ANALYZE', 'ANALYZING') AND n.created_time < now() - interval '1 minute'"
        " AND NOT " + _LIVE.format("n.job_id")
    ),
    Kind.PICTURE_WITHOUT_JOB: (
        "SELECT 'picture ' || picture_key FROM pictures WHERE state = 'CHECKING' AND NOT " + _LIVE.format("job_id")
    ),
    Kind.SEARCH_WITHOUT_JOB: (
        "SELECT 'search ' || search_id FROM searches WHERE state = 'RUNNING' AND NOT " + _LIVE.format("job_id")
    ),
    Kind.REINDEXING_WITHOUT_JOB: (
        "SELECT 'workspace ' || workspace_name FROM reindexings r JOIN workspaces USING (workspace_id)"
        " WHERE r.state = 'RUNNING' AND NOT " + _LIVE.format("r.job_id")
    ),
    Kind.STUCK_ERASURE: (
        "SELECT prefix FROM erasures WHERE not_before < (SELECT cutoff FROM moments)"
        " AND NOT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = 'erasure' AND status IN ('todo', 'doing'))"
    ),
    Kind.LEFT_OUTPUT: f"SELECT 'output ' || output_id || ' of ' || stage || ': ' || folder FROM {_LEFT_OUTPUT}",
    # A reindexing that is under way writes them.
    Kind.SCENE_WITHOUT_WORDS: (
        "SELECT 'asset ' || asset_id || ' (' || file_name || '), scene ' || scene_id"
        " FROM scenes JOIN indexes USING (index_id) JOIN assets USING (asset_id) JOIN projects USING (project_id)"
        " WHERE words IS NULL AND NOT EXISTS (SELECT FROM reindexings r"
        " WHERE r.workspace_id = projects.workspace_id AND r.state = 'RUNNING')"
    ),
    Kind.STRAY_VECTOR: f"SELECT 'index ' || index_id || ', scene ' || scene_id FROM {_STRAY_VECTOR}",
    Kind.MISCOUNTED_WORD: (
        "SELECT coalesce(t.term, lexeme) || ': ' || coalesce(t.scene_count, 0) || ' instead of '"
        f" || coalesce(counted.scenes, 0) FROM {_RECOUNT}"
    ),
}
KINDS: Final = tuple(_FINDING)
"""What is found by a statement."""


_AT: LiteralString = "WITH moments AS (SELECT %s::timestamptz AS cutoff, %s::timestamptz AS stalled) "


@dataclass(frozen=True, slots=True)
class Moments:
    """What counts as recent.

    Attributes:
        cutoff: what happened since may be of work that goes on.
        stalled: a worker whose last sign of life is older is dead.
    """

    cutoff: datetime
    stalled: datetime


async def find(tx: Transaction, kind: Kind, moments: Moments) -> tuple[int, list[str]]:
    """How many there are of one of the `KINDS`, and the first of them."""
    found = await tx.all(
        _count_and_example,
        f"{_AT}SELECT count(*) OVER (), example FROM ({_FINDING[kind]}) found (example) LIMIT %s",
        moments.cutoff,
        moments.stalled,
        SHOWN,
    )
    return (found[0][0] if found else 0), [example for _, example in found]


async def jobs_without_row(tx: Transaction, moments: Moments) -> list[JobId]:
    """Waiting jobs that no row needs."""
    return await tx.all(JobId, f"{_AT}SELECT j.id FROM {_JOB_WITHOUT_ROW} LIMIT 1000", moments.cutoff, moments.stalled)


async def delete_left_outputs(tx: Transaction, moments: Moments) -> None:
    """Outputs of stages that no asset has, and those that only an analysis needed that is over."""
    await tx.run(
        f"{_AT}DELETE FROM stage_outputs WHERE output_id IN (SELECT output_id FROM {_LEFT_OUTPUT})"
        " AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = stage_outputs.output_id)",
        moments.cutoff,
        moments.stalled,
    )


async def delete_stray_vectors(tx: Transaction) -> None:
    """Vectors of scenes that do not exist."""
    await tx.run(f"DELETE FROM {_STRAY_VECTOR}")


async def workspaces_miscounted(tx: Transaction) -> list[int]:
    """Workspaces with words that are counted wrongly."""
    return await tx.all(
        int,
        f"SELECT DISTINCT split_part(coalesce(t.term, lexeme), ':', 1)::bigint AS number FROM {_RECOUNT} ORDER BY 1",
    )


def _count_and_example(count: int, example: str) -> tuple[int, str]:
    return count, example
