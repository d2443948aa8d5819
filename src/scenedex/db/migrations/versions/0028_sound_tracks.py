"""Sound tracks of films, and the track of each spoken line."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.execute(
        """
        -- Lists of codec, channels, language and title. Null in rows of earlier releases.
        ALTER TABLE assets ADD COLUMN sound_tracks jsonb;

        -- Number of the track, from 1. Null if the file has only one.
        ALTER TABLE scripts ADD COLUMN sound_track smallint;
        """
    )
