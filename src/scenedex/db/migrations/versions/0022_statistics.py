"""Ends of analyses and changes of stored bytes, of which statistics are sums."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(
        """
        -- A row for each analysis that has ended. They stay when the asset or its index is deleted.
        CREATE TABLE analysis_ends (
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            ended_time timestamptz NOT NULL DEFAULT now(),
            status text NOT NULL,
            -- Length of the media and number of stages without a result, both of a completed analysis.
            media_ms bigint NOT NULL,
            not_analysed integer NOT NULL
        );
        CREATE INDEX ends_of_workspace ON analysis_ends (workspace_id, ended_time)
            INCLUDE (status, media_ms, not_analysed);

        -- The sum of all rows is the size of the copies of a workspace's assets.
        CREATE TABLE storage_changes (
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            changed_time timestamptz NOT NULL DEFAULT now(),
            bytes bigint NOT NULL
        );
        CREATE INDEX changes_of_workspace ON storage_changes (workspace_id, changed_time) INCLUDE (bytes);

        INSERT INTO analysis_ends (workspace_id, ended_time, status, media_ms, not_analysed)
        SELECT
            workspace_id, n.updated_time, status, CASE status WHEN 'ANALYZE_COMPLETED' THEN i.duration_ms ELSE 0 END,
            CASE status
                WHEN 'ANALYZE_COMPLETED'
                THEN (SELECT count(*) FROM jsonb_array_elements(i.engines) e WHERE e -> 'not_analysed' IS NOT NULL)
                ELSE 0
            END
        FROM analyses n
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        LEFT JOIN indexes i USING (index_id)
        WHERE status IN ('ANALYZE_FAIL', 'ANALYZE_CANCEL')
           OR status = 'ANALYZE_COMPLETED' AND i.index_id IS NOT NULL;

        INSERT INTO storage_changes (workspace_id, changed_time, bytes)
        SELECT workspace_id, a.created_time, size_bytes
        FROM assets a
        JOIN projects USING (project_id)
        WHERE managed_key IS NOT NULL;

        CREATE FUNCTION note_analysis_end() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO analysis_ends (workspace_id, status, media_ms, not_analysed)
            SELECT
                workspace_id, NEW.status, coalesce(i.duration_ms, 0),
                coalesce(
                    (SELECT count(*) FROM jsonb_array_elements(i.engines) e WHERE e -> 'not_analysed' IS NOT NULL), 0
                )
            FROM assets a
            JOIN projects USING (project_id)
            LEFT JOIN indexes i ON i.index_id = NEW.index_id
            WHERE a.asset_id = NEW.asset_id;
            RETURN NULL;
        END $$;
        -- At the end of the transaction, which writes the index after the status.
        CREATE CONSTRAINT TRIGGER note_end AFTER UPDATE ON analyses DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (
                OLD.status IN ('WAIT_ANALYZE', 'ANALYZING') AND NEW.status NOT IN ('WAIT_ANALYZE', 'ANALYZING')
            ) EXECUTE FUNCTION note_analysis_end();

        CREATE FUNCTION note_stored_asset() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO storage_changes (workspace_id, bytes)
            SELECT workspace_id, NEW.size_bytes FROM projects WHERE project_id = NEW.project_id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_stored AFTER UPDATE OF managed_key ON assets FOR EACH ROW
            WHEN (OLD.managed_key IS NULL AND NEW.managed_key IS NOT NULL) EXECUTE FUNCTION note_stored_asset();

        CREATE FUNCTION note_deleted_asset() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO storage_changes (workspace_id, bytes)
            SELECT workspace_id, -OLD.size_bytes FROM projects WHERE project_id = OLD.project_id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_deleted AFTER DELETE ON assets FOR EACH ROW
            WHEN (OLD.managed_key IS NOT NULL) EXECUTE FUNCTION note_deleted_asset();

        -- The assets of a project are deleted after it, when it names its workspace no more. If the workspace is
        -- deleted, its rows here are too.
        CREATE FUNCTION note_deleted_project() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO storage_changes (workspace_id, bytes)
            SELECT w.workspace_id, -sum(size_bytes)
            FROM assets
            JOIN workspaces w ON w.workspace_id = OLD.workspace_id
            WHERE project_id = OLD.project_id AND managed_key IS NOT NULL
            GROUP BY w.workspace_id;
            RETURN OLD;
        END $$;
        CREATE TRIGGER note_deleted BEFORE DELETE ON projects FOR EACH ROW EXECUTE FUNCTION note_deleted_project();
        """
    )
