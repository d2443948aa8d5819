"""Evidence of the hits of searches."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute(
        """
        -- For each hit a list of kind, score, start_ms, end_ms and engine. Searches without scores have none.
        ALTER TABLE searches ADD COLUMN evidence jsonb[] NOT NULL DEFAULT '{}';
        """
    )
