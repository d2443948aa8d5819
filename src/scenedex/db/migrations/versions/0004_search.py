"""Words and vectors for search, searches with their hits, and query pictures."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        """
        -- The words of a scene as search knows them, each with its workspace before it; NULL until they are written.
        ALTER TABLE scenes ADD COLUMN words tsvector,
            -- A line was corrected: what the words mean is to be worked out anew.
            ADD COLUMN is_reworded boolean NOT NULL DEFAULT false;
        CREATE INDEX scenes_by_words ON scenes USING gin (words);
        CREATE INDEX scenes_without_words ON scenes (index_id) WHERE words IS NULL;
        CREATE INDEX scenes_reworded ON scenes (index_id) WHERE is_reworded;

        -- In how many scenes each word is, and what is left of it without one of its letters, by which a misspelt word
        -- is found.
        CREATE TABLE search_terms (
            term text COLLATE "C" PRIMARY KEY,
            scene_count integer NOT NULL,
            near text[] NOT NULL
        );
        CREATE INDEX terms_by_near ON search_terms USING gin (near);

        -- Counts follow however a scene goes. Whoever removes scenes of a workspace does so alone, under the lock that
        -- lock_persons takes.
        CREATE FUNCTION uncount_words() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE search_terms t SET scene_count = t.scene_count - fewer.scenes
            FROM (SELECT word.lexeme, count(*) AS scenes FROM gone, unnest(gone.words) AS word GROUP BY 1) fewer
            WHERE t.term = fewer.lexeme;
            DELETE FROM search_terms t USING gone, unnest(gone.words) AS word
            WHERE t.term = word.lexeme AND t.scene_count <= 0;
            RETURN NULL;
        END $$;
        CREATE TRIGGER uncount_words AFTER DELETE ON scenes
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION uncount_words();

        -- Of a scene there may be vectors of several engines, of which only each one's own are compared. The key orders
        -- those of a workspace at random, so that the first of them are a fair sample.
        ALTER TABLE scene_vectors DROP CONSTRAINT scene_vectors_pkey,
            ADD COLUMN workspace_id bigint,
            ADD COLUMN sample_key real NOT NULL DEFAULT random();
        UPDATE scene_vectors v SET workspace_id = p.workspace_id
            FROM indexes i JOIN assets a USING (asset_id) JOIN projects p USING (project_id)
            WHERE i.index_id = v.index_id;
        ALTER TABLE scene_vectors ALTER COLUMN workspace_id SET NOT NULL,
            ADD PRIMARY KEY (index_id, scene_id, space, engine);
        CREATE INDEX vectors_by_engine ON scene_vectors (engine);
        CREATE INDEX vectors_of_workspace ON scene_vectors (workspace_id, space, engine, sample_key);

        -- Making again what scenes are found by, for all scenes of a workspace that lack any of it.
        CREATE TABLE reindexings (
            workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
            state text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'COMPLETED', 'FAILED')),
            message text,
            done integer NOT NULL DEFAULT 0,
            total integer NOT NULL DEFAULT 0,
            job_id bigint,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_time timestamptz NOT NULL DEFAULT now()
        );

        -- A search, and what it found: the best hit first, in three columns of one length.
        CREATE TABLE searches (
            search_id text PRIMARY KEY,
            search_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            user_name text NOT NULL,
            request jsonb NOT NULL,
            state text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'COMPLETED', 'FAILED')),
            message text,
            found_by jsonb,
            index_ids bigint[] NOT NULL DEFAULT '{}',
            scene_ids integer[] NOT NULL DEFAULT '{}',
            scores real[] NOT NULL DEFAULT '{}',
            job_id bigint,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            created_time timestamptz NOT NULL DEFAULT now(),
            expires_time timestamptz NOT NULL
        );
        CREATE INDEX searches_by_age ON searches (expires_time);
        CREATE INDEX searches_running ON searches (search_number) WHERE state = 'RUNNING';
        CREATE INDEX searches_of_workspace ON searches (workspace_id);

        -- A picture to search with belongs to a user, not to a workspace.
        ALTER TABLE pictures ALTER COLUMN workspace_id DROP NOT NULL,
            ADD COLUMN user_name text,
            ADD CHECK ((workspace_id IS NULL) = (purpose = 'QUERY_IMAGE')),
            ADD CHECK ((workspace_id IS NULL) = (user_name IS NOT NULL));
        -- What such a picture means to an engine of pictures.
        CREATE TABLE vectors_of_pictures (
            picture_key text NOT NULL REFERENCES pictures ON DELETE CASCADE,
            engine text NOT NULL,
            embedding halfvec NOT NULL,
            PRIMARY KEY (picture_key, engine)
        );
        """
    )
