"""Sign codes of vectors, by which the most similar of many are found."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute(
        """
        -- Codes of the vectors of one engine, space and workspace. A set is used once it is complete: when all indexes
        -- up to the last one are packed. Each transaction that adds codes raises the version, which locks the row, so
        -- that versions are committed in order.
        CREATE TABLE code_sets (
            set_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            space text NOT NULL,
            engine text NOT NULL,
            centre halfvec NOT NULL,
            vectors_at_start bigint NOT NULL,
            packed_index_id bigint NOT NULL DEFAULT 0,
            is_complete boolean NOT NULL DEFAULT false,
            version bigint NOT NULL DEFAULT 0,
            added bigint NOT NULL DEFAULT 0,
            removed bigint NOT NULL DEFAULT 0
        );
        CREATE INDEX sets_of_workspace ON code_sets (workspace_id, space, engine);

        -- Entries are one after the other: scene in four bytes, place in two, code.
        CREATE TABLE code_packs (
            set_id bigint NOT NULL REFERENCES code_sets ON DELETE CASCADE,
            version bigint NOT NULL,
            index_id bigint NOT NULL REFERENCES indexes ON DELETE CASCADE,
            vectors integer NOT NULL,
            entries bytea NOT NULL,
            PRIMARY KEY (set_id, version, index_id)
        );
        CREATE INDEX packs_of_index ON code_packs (index_id);
        -- Codes look like noise, which no compression shortens.
        ALTER TABLE code_packs ALTER COLUMN entries SET STORAGE EXTERNAL;

        CREATE FUNCTION sign_code(embedding halfvec, centre halfvec) RETURNS bytea
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN substring(bit_send(binary_quantize(embedding - centre)) FROM 5);

        CREATE FUNCTION pack_codes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            WITH made AS MATERIALIZED (
                SELECT c.set_id, v.index_id, count(*) AS vectors,
                       string_agg(
                           int4send(v.scene_id) || int2send(v.place) || sign_code(v.embedding, c.centre), ''
                           ORDER BY v.scene_id, v.place
                       ) AS entries
                FROM code_sets c
                JOIN written v USING (workspace_id, space, engine)
                GROUP BY 1, 2
            ), raised AS (
                UPDATE code_sets c SET version = c.version + 1, added = c.added + more.vectors
                FROM (SELECT set_id, sum(vectors) AS vectors FROM made GROUP BY 1 ORDER BY 1) more
                WHERE c.set_id = more.set_id
                RETURNING c.set_id, c.version
            )
            INSERT INTO code_packs (set_id, version, index_id, vectors, entries)
            SELECT set_id, version, index_id, vectors, entries FROM made JOIN raised USING (set_id);
            RETURN NULL;
        END $$;
        CREATE TRIGGER pack_codes AFTER INSERT ON scene_vectors
            REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION pack_codes();

        CREATE FUNCTION count_removed_codes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE code_sets c SET removed = c.removed + fewer.vectors
            FROM (SELECT set_id, sum(vectors) AS vectors FROM gone GROUP BY 1 ORDER BY 1) fewer
            WHERE c.set_id = fewer.set_id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER count_removed AFTER DELETE ON code_packs
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_removed_codes();
        """
    )
