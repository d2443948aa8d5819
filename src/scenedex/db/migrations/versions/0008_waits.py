"""Stage that a running analysis waits for, and its total waiting time."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        """
        -- A stage that has no turn yet while no other one of the analysis is at work; NULL: none.
        ALTER TABLE analyses
            ADD COLUMN waits_for text,
            ADD COLUMN waits_since timestamptz,
            ADD COLUMN waited_seconds double precision NOT NULL DEFAULT 0;
        """
    )
