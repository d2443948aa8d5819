"""Previews of indexes: a strip of stills and the peaks of the sound."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute(
        """
        -- Indexes of earlier releases have none. A part is null if its stage did not run.
        CREATE TABLE index_previews (
            index_id bigint PRIMARY KEY REFERENCES indexes ON DELETE CASCADE,
            strip_key text,
            strip_columns integer,
            strip_rows integer,
            tile_width integer,
            tile_height integer,
            times_ms integer[],
            peaks_per_second float8,
            peaks bytea
        );
        """
    )
