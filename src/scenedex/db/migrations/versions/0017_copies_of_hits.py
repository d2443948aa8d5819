"""Hits of the same moment of the same bytes."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute(
        """
        -- For each hit the number, from 1, of the first hit of the same moment. Empty if all hits differ.
        ALTER TABLE searches ADD COLUMN ranks integer[] NOT NULL DEFAULT '{}';
        """
    )
