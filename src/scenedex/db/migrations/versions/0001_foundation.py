"""Keys, workspaces, projects, assets, uploads, analyses, indexes and the job queue."""

from importlib import resources

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE access_keys (
            access_key text PRIMARY KEY,
            secret bytea NOT NULL,
            user_name text NOT NULL,
            role text NOT NULL CHECK (role IN ('manager', 'viewer')),
            workspaces text[],
            created_time timestamptz NOT NULL DEFAULT now(),
            revoked_time timestamptz
        );

        CREATE TABLE workspaces (
            workspace_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_name text NOT NULL UNIQUE,
            bucket_name text,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );

        CREATE TABLE analysis_usage (
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            month date NOT NULL,
            requested integer NOT NULL,
            PRIMARY KEY (workspace_id, month)
        );

        CREATE TABLE projects (
            project_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            name text NOT NULL,
            is_base_project boolean NOT NULL DEFAULT false,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now(),
            UNIQUE (workspace_id, name)
        );
        CREATE UNIQUE INDEX one_base_project ON projects (workspace_id) WHERE is_base_project;

        CREATE TABLE assets (
            asset_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
            file_name text NOT NULL,
            key text NOT NULL,
            bucket_name text,
            upload_key text,
            import_status text NOT NULL DEFAULT 'IN_PROGRESS' CHECK (import_status IN
                ('IN_PROGRESS', 'COMPLETED', 'FAILED', 'FILE_NOT_EXIST', 'INVALID_METADATA')),
            import_result text,
            import_reason text,
            import_attempt integer NOT NULL DEFAULT 0,
            import_tries integer NOT NULL DEFAULT 0,
            import_percent smallint NOT NULL DEFAULT 0,
            import_job_id bigint,
            source_etag text,
            managed_key text,
            format text,
            width integer,
            height integer,
            duration_ms bigint,
            size_bytes bigint,
            create_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            update_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        ) WITH (fillfactor = 85);
        CREATE INDEX assets_of_project ON assets (project_id, asset_id);
        CREATE INDEX assets_importing ON assets (asset_id) WHERE import_status = 'IN_PROGRESS';

        CREATE TABLE uploads (
            asset_key text PRIMARY KEY,
            project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
            file_name text NOT NULL,
            state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'RECEIVING', 'RECEIVED', 'COMPLETED')),
            asset_id bigint REFERENCES assets ON DELETE SET NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            expires_time timestamptz NOT NULL
        );
        CREATE INDEX uploads_by_expiry ON uploads (expires_time);
        CREATE INDEX uploads_of_project ON uploads (project_id);
        CREATE INDEX uploads_of_asset ON uploads (asset_id);

        CREATE TABLE analyses (
            index_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            asset_id bigint NOT NULL UNIQUE REFERENCES assets ON DELETE CASCADE,
            status text NOT NULL DEFAULT 'WAIT_ANALYZE' CHECK (status IN
                ('WAIT_ANALYZE', 'ANALYZING', 'ANALYZE_COMPLETED', 'ANALYZE_FAIL', 'ANALYZE_CANCEL')),
            message text,
            stage text,
            percent smallint NOT NULL DEFAULT 0,
            options jsonb NOT NULL,
            job_id bigint,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX analyses_unfinished ON analyses (asset_id) WHERE status IN ('WAIT_ANALYZE', 'ANALYZING');

        CREATE TABLE indexes (
            index_id bigint PRIMARY KEY,
            asset_id bigint NOT NULL UNIQUE REFERENCES assets ON DELETE CASCADE,
            type text NOT NULL CHECK (type IN ('IMAGE', 'VIDEO')),
            options jsonb NOT NULL,
            engines jsonb NOT NULL,
            duration_ms bigint NOT NULL,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );

        CREATE TABLE scenes (
            index_id bigint NOT NULL REFERENCES indexes ON DELETE CASCADE,
            scene_id integer NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            keyframe_key text NOT NULL,
            PRIMARY KEY (index_id, scene_id)
        );

        CREATE TABLE shots (
            index_id bigint NOT NULL,
            shot_id integer NOT NULL,
            scene_id integer NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            keyframe_key text NOT NULL,
            PRIMARY KEY (index_id, shot_id),
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );
        CREATE INDEX shots_of_scene ON shots (index_id, scene_id);

        -- Prefixes of managed storage whose rows are gone: emptied by a worker, then forgotten.
        CREATE TABLE erasures (
            erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            prefix text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now()
        );

        -- However a row goes, by its own delete or with its project or workspace, its objects go after it.
        CREATE FUNCTION erase_assets() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO erasures (prefix) SELECT 'assets/' || asset_id || '/' FROM gone;
            RETURN NULL;
        END $$;
        CREATE TRIGGER erase_objects AFTER DELETE ON assets
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION erase_assets();

        CREATE FUNCTION erase_keyframes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO erasures (prefix) SELECT 'assets/' || asset_id || '/index-' || index_id || '/' FROM gone;
            RETURN NULL;
        END $$;
        CREATE TRIGGER erase_objects AFTER DELETE ON indexes
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION erase_keyframes();

        CREATE FUNCTION erase_uploads() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO erasures (prefix) SELECT 'uploads/' || asset_key || '/' FROM gone;
            RETURN NULL;
        END $$;
        CREATE TRIGGER erase_objects AFTER DELETE ON uploads
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION erase_uploads();
        """
    )
    schema = resources.files("procrastinate.sql").joinpath("schema.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(schema.replace("%", "%%"))
