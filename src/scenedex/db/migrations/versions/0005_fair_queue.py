"""Fair queue: workspaces take turns, with pauses and limits on running jobs."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute(
        """
        -- Jobs that no workspace asked for, such as erasures, are those of workspace 0.
        CREATE FUNCTION job_workspace(args jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN coalesce((args ->> 'workspace')::bigint, 0);
        CREATE INDEX jobs_waiting ON procrastinate_jobs (queue_name, job_workspace(args), priority DESC, id)
            WHERE status = 'todo';
        CREATE INDEX jobs_running ON procrastinate_jobs (queue_name) WHERE status = 'doing';
        CREATE INDEX jobs_over ON procrastinate_jobs (id) WHERE status NOT IN ('todo', 'doing');

        -- When each workspace had its last turn, in turns.
        CREATE SEQUENCE job_turn;
        CREATE TABLE job_turns (
            kind text NOT NULL,
            workspace_id bigint NOT NULL,
            turn bigint NOT NULL,
            PRIMARY KEY (kind, workspace_id)
        );

        -- Jobs that are not begun for now: of all kinds where the kind is empty, of all workspaces where that is 0.
        CREATE TABLE job_pauses (
            kind text NOT NULL,
            workspace_id bigint NOT NULL,
            since timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (kind, workspace_id)
        );

        -- How long jobs took for so many units of work; what is long ago counts less and less.
        CREATE TABLE job_speeds (
            kind text PRIMARY KEY,
            seconds double precision NOT NULL,
            units double precision NOT NULL
        );

        -- The next job of a kind: of the workspace with the fewest at work, among those the one whose turn is longest
        -- ago. At most so many of one workspace are at work, where that is not 0.
        CREATE FUNCTION next_job(wanted varchar, worker bigint, most integer) RETURNS procrastinate_jobs
        LANGUAGE plpgsql AS $$
        DECLARE
            chosen bigint;
            found procrastinate_jobs;
        BEGIN
            -- Nearly every look finds nothing, and is not to wait for others.
            IF NOT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = wanted AND status = 'todo') THEN
                RETURN found;
            END IF;
            PERFORM pg_advisory_xact_lock(hashtext('next_job'), hashtext(wanted));
            WITH RECURSIVE waiting (workspace) AS (
                (SELECT job_workspace(j.args) FROM procrastinate_jobs j
                 WHERE j.queue_name = wanted AND j.status = 'todo' ORDER BY job_workspace(j.args) LIMIT 1)
                UNION ALL
                SELECT (SELECT job_workspace(j.args) FROM procrastinate_jobs j
                        WHERE j.queue_name = wanted AND j.status = 'todo' AND job_workspace(j.args) > w.workspace
                        ORDER BY job_workspace(j.args) LIMIT 1)
                FROM waiting w WHERE w.workspace IS NOT NULL
            ), busy AS (
                SELECT job_workspace(j.args) AS workspace, count(*) AS jobs FROM procrastinate_jobs j
                WHERE j.queue_name = wanted AND j.status = 'doing' GROUP BY 1
            )
            SELECT first.id INTO chosen FROM waiting w
            LEFT JOIN busy b ON b.workspace = w.workspace
            LEFT JOIN job_turns t ON t.kind = wanted AND t.workspace_id = w.workspace
            CROSS JOIN LATERAL (
                SELECT j.id, j.priority FROM procrastinate_jobs j
                WHERE j.queue_name = wanted AND j.status = 'todo' AND job_workspace(j.args) = w.workspace
                    AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
                ORDER BY j.priority DESC, j.id LIMIT 1
            ) first
            WHERE w.workspace IS NOT NULL AND (most = 0 OR w.workspace = 0 OR coalesce(b.jobs, 0) < most)
                AND NOT EXISTS (
                    SELECT FROM job_pauses p WHERE p.kind IN ('', wanted) AND p.workspace_id IN (0, w.workspace)
                )
            ORDER BY coalesce(b.jobs, 0), coalesce(t.turn, 0), first.priority DESC, first.id LIMIT 1;
            UPDATE procrastinate_jobs j SET status = 'doing', worker_id = worker
                WHERE j.id = chosen AND j.status = 'todo' RETURNING j.* INTO found;
            IF found.id IS NOT NULL THEN
                INSERT INTO job_turns AS t VALUES (wanted, job_workspace(found.args), nextval('job_turn'))
                    ON CONFLICT (kind, workspace_id) DO UPDATE SET turn = excluded.turn;
            END IF;
            RETURN found;
        END $$;
        """
    )
