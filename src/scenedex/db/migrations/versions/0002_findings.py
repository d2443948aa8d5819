"""Stored stage outputs, persons with faces, tags and appearances, and text, speech and sounds of scenes."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE EXTENSION IF NOT EXISTS vector;

        ALTER TABLE assets ADD COLUMN content_hash text;
        CREATE INDEX assets_by_content ON assets (content_hash) WHERE content_hash IS NOT NULL;

        -- Objects written ahead of their row are erased then, unless the row has come.
        ALTER TABLE erasures ADD COLUMN not_before timestamptz NOT NULL DEFAULT now();

        -- What a stage made of the same bytes, with the same options and the same engine.
        CREATE TABLE stage_outputs (
            output_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL,
            content_hash text NOT NULL,
            address text NOT NULL,
            stage text NOT NULL,
            folder text NOT NULL UNIQUE,
            result bytea NOT NULL,
            is_transient boolean NOT NULL,
            made_for bigint NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            UNIQUE (workspace_id, address)
        );
        CREATE INDEX outputs_of_content ON stage_outputs (content_hash, workspace_id);
        CREATE INDEX outputs_of_analysis ON stage_outputs (made_for);

        -- Outputs whose files an index shows: they stay as long as it does.
        CREATE TABLE outputs_of_indexes (
            index_id bigint NOT NULL REFERENCES indexes ON DELETE CASCADE,
            output_id bigint NOT NULL REFERENCES stage_outputs,
            PRIMARY KEY (index_id, output_id)
        );
        CREATE INDEX indexes_of_output ON outputs_of_indexes (output_id);

        CREATE FUNCTION erase_outputs() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO erasures (prefix) SELECT folder || '/' FROM gone;
            RETURN NULL;
        END $$;
        CREATE TRIGGER erase_objects AFTER DELETE ON stage_outputs
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION erase_outputs();

        -- The last asset with some content takes what was made of that content with it.
        CREATE FUNCTION drop_outputs() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            dropped bigint[];
        BEGIN
            SELECT array_agg(output_id) INTO dropped
            FROM stage_outputs o JOIN (SELECT DISTINCT content_hash FROM gone) g USING (content_hash)
            WHERE NOT EXISTS (
                SELECT FROM assets a JOIN projects p USING (project_id)
                WHERE a.content_hash = o.content_hash AND p.workspace_id = o.workspace_id);
            -- The indexes of these assets go too, but within a cascade perhaps later than this.
            DELETE FROM outputs_of_indexes WHERE output_id = ANY (dropped);
            DELETE FROM stage_outputs WHERE output_id = ANY (dropped);
            RETURN NULL;
        END $$;
        CREATE TRIGGER drop_outputs AFTER DELETE ON assets
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION drop_outputs();

        CREATE TABLE persons (
            person_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            name text,
            description text,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now(),
            UNIQUE (workspace_id, name)
        );

        CREATE TABLE person_thumbnails (
            thumbnail_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            folder text NOT NULL,
            key text NOT NULL,
            is_primary boolean NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX thumbnails_of_person ON person_thumbnails (person_id, thumbnail_id);
        CREATE UNIQUE INDEX one_primary_thumbnail ON person_thumbnails (person_id) WHERE is_primary;

        CREATE FUNCTION erase_thumbnails() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO erasures (prefix) SELECT folder || '/' FROM gone;
            RETURN NULL;
        END $$;
        CREATE TRIGGER erase_objects AFTER DELETE ON person_thumbnails
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION erase_thumbnails();

        -- Unit vectors; only those of one engine with one set of weights can be compared.
        CREATE TABLE person_faces (
            face_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            workspace_id bigint NOT NULL,
            asset_id bigint REFERENCES assets ON DELETE SET NULL,
            engine text NOT NULL,
            embedding halfvec NOT NULL,
            quality real NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX faces_of_person ON person_faces (person_id);
        CREATE INDEX faces_of_workspace ON person_faces (workspace_id, engine);
        CREATE INDEX faces_of_asset ON person_faces (asset_id) WHERE asset_id IS NOT NULL;

        CREATE TABLE person_tags (
            tag_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            name text NOT NULL,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now(),
            UNIQUE (workspace_id, name)
        );
        CREATE TABLE tags_of_persons (
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            tag_id bigint NOT NULL REFERENCES person_tags ON DELETE CASCADE,
            PRIMARY KEY (person_id, tag_id)
        );
        CREATE INDEX persons_of_tag ON tags_of_persons (tag_id);

        CREATE TABLE appearances (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            confidence real NOT NULL,
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );
        CREATE INDEX appearances_of_index ON appearances (index_id, scene_id);
        CREATE INDEX appearances_of_person ON appearances (person_id, index_id);

        CREATE TABLE keywords (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            keyword text NOT NULL,
            category text NOT NULL,
            confidence real NOT NULL,
            start_ms bigint[] NOT NULL,
            end_ms bigint[] NOT NULL,
            PRIMARY KEY (index_id, scene_id, keyword, category),
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );

        CREATE TABLE texts (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            text text NOT NULL,
            box_left real NOT NULL,
            box_top real NOT NULL,
            box_width real NOT NULL,
            box_height real NOT NULL,
            confidence real NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );
        CREATE INDEX texts_of_index ON texts (index_id, scene_id);

        CREATE TABLE scripts (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            script_id integer NOT NULL,
            speaker text NOT NULL,
            text text NOT NULL,
            language text NOT NULL,
            confidence real NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            PRIMARY KEY (index_id, script_id),
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );
        CREATE INDEX scripts_of_scene ON scripts (index_id, scene_id);

        CREATE TABLE audio_effects (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            type text NOT NULL CHECK (type IN ('APPLAUSE', 'LAUGHTER', 'BACKGROUND_MUSIC')),
            confidence real NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );
        CREATE INDEX effects_of_index ON audio_effects (index_id, scene_id);

        -- One vector for a scene in each space: what its picture or its words mean to an engine.
        CREATE TABLE scene_vectors (
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            space text NOT NULL CHECK (space IN ('PICTURE', 'TEXT')),
            engine text NOT NULL,
            embedding halfvec NOT NULL,
            PRIMARY KEY (index_id, scene_id, space),
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );

        """
    )
