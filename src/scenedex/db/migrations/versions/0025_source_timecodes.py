"""Timecode and reel of films, by which edits refer to them."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute(
        """
        -- Null in rows of earlier releases, and in those of films without them.
        ALTER TABLE assets
            ADD COLUMN start_timecode text,
            ADD COLUMN reel text;
        """
    )
