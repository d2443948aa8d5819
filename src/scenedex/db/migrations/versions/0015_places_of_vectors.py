"""Several vectors of a scene in each space, each with its time."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute(
        """
        -- Vectors are numbered from 0 in each scene, space and engine. One without times is of the whole scene.
        ALTER TABLE scene_vectors
            ADD COLUMN place smallint NOT NULL DEFAULT 0,
            ADD COLUMN start_ms bigint,
            ADD COLUMN end_ms bigint,
            ADD CHECK ((start_ms IS NULL) = (end_ms IS NULL)),
            DROP CONSTRAINT scene_vectors_pkey,
            ADD PRIMARY KEY (index_id, scene_id, space, engine, place);
        CREATE INDEX vectors_of_whole_scenes ON scene_vectors (space, engine) WHERE start_ms IS NULL;
        """
    )
