"""Merging and splitting of persons with counts and history, uploaded pictures, and edits."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
        -- What was seen, tagged and pictured stays with the person it was registered for; who that is today says its
        -- root: the person itself, or the one that it was merged into, through any number of merges.
        ALTER TABLE persons
            ADD COLUMN merged_into bigint REFERENCES persons ON DELETE CASCADE,
            ADD COLUMN root_id bigint,
            ADD COLUMN deleted_time timestamptz,
            ADD COLUMN primary_thumbnail_id bigint,
            ADD COLUMN asset_count integer NOT NULL DEFAULT 0,
            ADD COLUMN scene_count integer NOT NULL DEFAULT 0;
        UPDATE persons p SET root_id = person_id, primary_thumbnail_id =
            (SELECT thumbnail_id FROM person_thumbnails t WHERE t.person_id = p.person_id AND is_primary);
        ALTER TABLE persons ALTER COLUMN root_id SET NOT NULL,
            ADD FOREIGN KEY (root_id) REFERENCES persons ON DELETE CASCADE,
            DROP CONSTRAINT persons_workspace_id_name_key;
        CREATE INDEX persons_of_root ON persons (root_id);
        CREATE INDEX persons_merged_into ON persons (merged_into) WHERE merged_into IS NOT NULL;
        -- Names of persons that were merged away are free.
        CREATE UNIQUE INDEX one_person_of_a_name ON persons (workspace_id, name)
            WHERE merged_into IS NULL AND deleted_time IS NULL;
        CREATE INDEX persons_by_assets ON persons (workspace_id, asset_count, person_id)
            WHERE merged_into IS NULL AND deleted_time IS NULL;
        CREATE INDEX persons_by_id ON persons (workspace_id, person_id)
            WHERE merged_into IS NULL AND deleted_time IS NULL;

        CREATE FUNCTION be_own_root() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.root_id := NEW.person_id;
            RETURN NEW;
        END $$;
        CREATE TRIGGER be_own_root BEFORE INSERT ON persons FOR EACH ROW EXECUTE FUNCTION be_own_root();

        DROP INDEX one_primary_thumbnail;
        -- The upload that a thumbnail was copied from: it is erased with the person.
        ALTER TABLE person_thumbnails DROP COLUMN is_primary, ADD COLUMN picture_key text,
            -- Where the face was seen, if it was not uploaded.
            ADD COLUMN asset_id bigint REFERENCES assets ON DELETE SET NULL,
            ADD COLUMN start_ms bigint,
            ADD COLUMN end_ms bigint;
        CREATE INDEX thumbnails_of_asset ON person_thumbnails (asset_id) WHERE asset_id IS NOT NULL;

        -- The track that a face was taken from, or the thumbnail.
        ALTER TABLE person_faces
            ADD COLUMN start_ms bigint,
            ADD COLUMN end_ms bigint,
            ADD COLUMN thumbnail_id bigint REFERENCES person_thumbnails ON DELETE CASCADE;
        CREATE INDEX faces_of_thumbnail ON person_faces (thumbnail_id) WHERE thumbnail_id IS NOT NULL;

        -- In how many scenes of an index a person is seen, by the roots of those who were registered.
        CREATE TABLE persons_of_indexes (
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            index_id bigint NOT NULL REFERENCES indexes ON DELETE CASCADE,
            scene_count integer NOT NULL,
            PRIMARY KEY (person_id, index_id)
        );
        CREATE INDEX indexes_with_persons ON persons_of_indexes (index_id);
        INSERT INTO persons_of_indexes (person_id, index_id, scene_count)
            SELECT person_id, index_id, count(DISTINCT scene_id) FROM appearances GROUP BY 1, 2;
        UPDATE persons p SET asset_count = seen.assets, scene_count = seen.scenes
            FROM (SELECT person_id, count(*) AS assets, sum(scene_count) AS scenes
                  FROM persons_of_indexes GROUP BY 1) seen
            WHERE p.person_id = seen.person_id;

        -- Counts follow however an index or its asset goes. Whoever changes counts in a workspace does so alone, under
        -- the lock that lock_persons takes, so that no two wait for each other.
        CREATE FUNCTION count_persons() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(6089182, hashint8(workspace_id)) FROM (
                SELECT DISTINCT workspace_id FROM persons
                WHERE person_id IN (SELECT person_id FROM changed) ORDER BY workspace_id) concerned;
            UPDATE persons p
            SET asset_count = asset_count + sign * seen.assets, scene_count = p.scene_count + sign * seen.scenes
            FROM (SELECT person_id, count(*) AS assets, sum(scene_count) AS scenes FROM changed GROUP BY 1) seen,
                 (SELECT CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END AS sign) direction
            WHERE p.person_id = seen.person_id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER count_more AFTER INSERT ON persons_of_indexes
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_persons();
        CREATE TRIGGER count_less AFTER DELETE ON persons_of_indexes
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_persons();

        -- What was done to a person, oldest first.
        CREATE TABLE person_events (
            event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            type text NOT NULL CHECK (type IN
                ('REGISTERED', 'NAMED', 'MERGED', 'SPLIT', 'MOVED', 'REJECTED', 'DELETED')),
            other_id bigint REFERENCES persons ON DELETE CASCADE,
            details jsonb NOT NULL,
            user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX events_of_person ON person_events (person_id, event_id);
        CREATE INDEX events_with_other ON person_events (other_id) WHERE other_id IS NOT NULL;

        -- Two who are never taken for one by a machine, the smaller id first; whatever they are merged into.
        CREATE TABLE person_rejections (
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            other_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            PRIMARY KEY (person_id, other_id),
            CHECK (person_id < other_id)
        );
        CREATE INDEX rejections_by_other ON person_rejections (other_id);

        -- Where in an asset a face is not that person's, also when the asset is analysed again; and whose it was said
        -- to be, which holds even if that one turns out to be the person after all.
        CREATE TABLE rejected_appearances (
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            asset_id bigint NOT NULL REFERENCES assets ON DELETE CASCADE,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            given_to bigint REFERENCES persons ON DELETE SET NULL
        );
        CREATE INDEX rejected_in_asset ON rejected_appearances (asset_id, person_id);
        CREATE INDEX rejected_of_person ON rejected_appearances (person_id);

        -- A speaker of an index who is a person; else the name in the script is all that is known.
        CREATE TABLE persons_of_speakers (
            index_id bigint NOT NULL REFERENCES indexes ON DELETE CASCADE,
            speaker text NOT NULL,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            PRIMARY KEY (index_id, speaker)
        );
        CREATE INDEX speakers_of_person ON persons_of_speakers (person_id);

        -- How often people changed an index; a later analysis replaces what they wrote, and says so.
        ALTER TABLE indexes ADD COLUMN edit_count integer NOT NULL DEFAULT 0;

        -- Pictures that are uploaded to be looked at: of a person's face, or to search with.
        CREATE TABLE pictures (
            picture_key text PRIMARY KEY,
            picture_id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            purpose text NOT NULL CHECK (purpose IN ('PERSON_THUMBNAIL', 'QUERY_IMAGE')),
            file_name text NOT NULL,
            state text NOT NULL DEFAULT 'OPEN' CHECK (state IN
                ('OPEN', 'RECEIVING', 'RECEIVED', 'CHECKING', 'COMPLETED', 'FAILED')),
            message text,
            job_id bigint,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            object_key text,
            created_time timestamptz NOT NULL DEFAULT now(),
            expires_time timestamptz NOT NULL
        );
        CREATE INDEX pictures_by_age ON pictures (expires_time);
        CREATE INDEX pictures_in_check ON pictures (picture_id) WHERE state = 'CHECKING';
        CREATE INDEX pictures_of_workspace ON pictures (workspace_id);
        CREATE TABLE faces_of_pictures (
            picture_key text NOT NULL REFERENCES pictures ON DELETE CASCADE,
            engine text NOT NULL,
            embedding halfvec NOT NULL,
            quality real NOT NULL
        );
        CREATE INDEX faces_of_picture ON faces_of_pictures (picture_key);

        CREATE FUNCTION erase_pictures() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO erasures (prefix) SELECT 'pictures/' || picture_key || '/' FROM gone;
            RETURN NULL;
        END $$;
        CREATE TRIGGER erase_objects AFTER DELETE ON pictures
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION erase_pictures();
        """
    )
