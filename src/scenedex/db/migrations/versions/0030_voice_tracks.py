"""Sound tracks with the voice of each index, and those that a proxy plays."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute(
        """
        -- Numbers from 1. Null in rows of earlier releases, empty if the file has only one track or no voice.
        ALTER TABLE indexes ADD COLUMN voice_tracks smallint[];

        -- Numbers from 1. Null in rows of earlier releases, which play the track that the headers prefer.
        ALTER TABLE proxies ADD COLUMN sound_tracks smallint[];
        """
    )
