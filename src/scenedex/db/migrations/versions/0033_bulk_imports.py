"""Bulk imports: what lies below a prefix, page by page, with a report of what was skipped."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute(
        """
        -- Version of the object that was listed when the import was requested. The version that was imported is
        -- source_etag and size_bytes.
        ALTER TABLE assets ADD COLUMN listed_etag text, ADD COLUMN listed_size_bytes bigint;
        -- S3 lists keys in the order of their bytes.
        CREATE INDEX assets_of_source ON assets (project_id, bucket_name, key COLLATE "C")
            WHERE bucket_name IS NOT NULL;

        -- Another version of an object becomes the same asset.
        CREATE FUNCTION note_replaced_asset() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO storage_changes (workspace_id, bytes)
            SELECT workspace_id, NEW.size_bytes - OLD.size_bytes FROM projects WHERE project_id = NEW.project_id;
            IF OLD.content_hash IS NOT NULL AND NEW.content_hash IS DISTINCT FROM OLD.content_hash THEN
                INSERT INTO replaced_contents
                SELECT workspace_id, OLD.content_hash FROM projects WHERE project_id = NEW.project_id
                ON CONFLICT DO NOTHING;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_replaced AFTER UPDATE OF managed_key ON assets FOR EACH ROW
            WHEN (OLD.managed_key IS NOT NULL AND NEW.managed_key IS DISTINCT FROM OLD.managed_key)
            EXECUTE FUNCTION note_replaced_asset();

        -- Bytes that an asset has no more. Their outputs are deleted when no index shows them.
        CREATE TABLE replaced_contents (
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            content_hash text NOT NULL,
            PRIMARY KEY (workspace_id, content_hash)
        );

        CREATE TABLE bulk_imports (
            import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
            options jsonb NOT NULL,
            reads_open_buckets boolean NOT NULL,
            status text NOT NULL DEFAULT 'WAITING' CHECK (status IN
                ('WAITING', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELED')),
            message text,
            position text COLLATE "C" NOT NULL DEFAULT '',
            listed bigint NOT NULL DEFAULT 0,
            registered bigint NOT NULL DEFAULT 0,
            skipped jsonb NOT NULL DEFAULT '{}',
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            job_id bigint,
            create_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            update_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX bulk_imports_of_project ON bulk_imports (project_id, import_id);
        CREATE INDEX bulk_imports_unfinished ON bulk_imports (import_id) WHERE status IN ('WAITING', 'RUNNING');

        CREATE TABLE import_skips (
            import_id bigint NOT NULL REFERENCES bulk_imports ON DELETE CASCADE,
            key text COLLATE "C" NOT NULL,
            reason text NOT NULL,
            detail text,
            size_bytes bigint NOT NULL,
            asset_id bigint,
            PRIMARY KEY (import_id, key)
        );

        -- Analyses that are requested when the import of their asset has completed.
        CREATE TABLE arrival_analyses (
            asset_id bigint PRIMARY KEY REFERENCES assets ON DELETE CASCADE,
            setting jsonb NOT NULL,
            user_name text NOT NULL
        );
        """
    )
