"""Scales of sign codes, by which the similarity to a vector is estimated better than by its signs alone."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute(
        """
        -- Sets without scales are used until one with scales is complete.
        ALTER TABLE code_sets ADD COLUMN has_scales boolean NOT NULL DEFAULT false;

        -- Entries with a scale are one after the other: scene in four bytes, place in two, length of the difference
        -- from the centre in four, product of both in four, code.
        CREATE FUNCTION scale_of_code(embedding halfvec, centre halfvec) RETURNS bytea
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN float4send(l2_norm(embedding - centre)::real)
                   || float4send((-((embedding - centre) <#> centre))::real);

        CREATE OR REPLACE FUNCTION pack_codes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            WITH made AS MATERIALIZED (
                SELECT c.set_id, v.index_id, count(*) AS vectors,
                       string_agg(
                           int4send(v.scene_id) || int2send(v.place)
                           || CASE WHEN c.has_scales THEN scale_of_code(v.embedding, c.centre) ELSE '' END
                           || sign_code(v.embedding, c.centre), ''
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
        """
    )
