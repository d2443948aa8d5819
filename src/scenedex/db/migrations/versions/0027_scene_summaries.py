"""Scene summaries: their text, their runs, and what a run has made of the scenes so far."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute(
        """
        -- Mean brightness of the stills of a scene, from 0 to 1. Null in indexes of earlier releases.
        ALTER TABLE scenes ADD COLUMN brightness real;
        ALTER TABLE shots ADD COLUMN keyframe_ms bigint;

        -- The last completed run. Its scene_ids are null if all scenes were summarised.
        CREATE TABLE index_summaries (
            index_id bigint PRIMARY KEY REFERENCES indexes ON DELETE CASCADE,
            locale text NOT NULL,
            scene_ids integer[],
            summarised_time timestamptz NOT NULL
        );

        -- Sentences are pairs of text and basis.
        CREATE TABLE scene_summaries (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            text text NOT NULL,
            locale text NOT NULL,
            sentences jsonb NOT NULL,
            engine text NOT NULL,
            model text,
            prompt_version text,
            PRIMARY KEY (index_id, scene_id),
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );

        -- The latest run of an index.
        CREATE TABLE summary_runs (
            summary_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            index_id bigint NOT NULL UNIQUE REFERENCES indexes ON DELETE CASCADE,
            status text NOT NULL DEFAULT 'WAIT_SUMMARIZE' CHECK (status IN (
                'WAIT_SUMMARIZE', 'SUMMARIZING', 'SUMMARIZE_COMPLETED', 'SUMMARIZE_FAIL', 'SUMMARIZE_CANCELED'
            )),
            message text,
            locale text NOT NULL,
            scene_ids integer[],
            engine text,
            model text,
            prompt_version text,
            scene_count integer NOT NULL,
            done_count integer NOT NULL DEFAULT 0,
            unsupported_count integer NOT NULL DEFAULT 0,
            picture_count bigint NOT NULL DEFAULT 0,
            input_tokens bigint NOT NULL DEFAULT 0,
            output_tokens bigint NOT NULL DEFAULT 0,
            is_usage_estimated boolean NOT NULL DEFAULT false,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            job_id bigint,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX summaries_unfinished ON summary_runs (summary_id)
            WHERE status IN ('WAIT_SUMMARIZE', 'SUMMARIZING');

        -- Results that no run has published yet. The address is a hash of what they are made of.
        CREATE TABLE summary_drafts (
            index_id bigint NOT NULL REFERENCES indexes ON DELETE CASCADE,
            scene_id integer NOT NULL,
            address text NOT NULL,
            result jsonb NOT NULL,
            PRIMARY KEY (index_id, scene_id)
        );

        -- Use of services by the scene summaries of a workspace in a calendar month (UTC), of which limits and prices
        -- are applied. It outlives the summaries.
        CREATE TABLE summary_use (
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            month date NOT NULL,
            engine text NOT NULL,
            scene_count bigint NOT NULL DEFAULT 0,
            picture_count bigint NOT NULL DEFAULT 0,
            input_tokens bigint NOT NULL DEFAULT 0,
            output_tokens bigint NOT NULL DEFAULT 0,
            seconds double precision NOT NULL DEFAULT 0,
            PRIMARY KEY (workspace_id, month, engine)
        );
        """
    )
