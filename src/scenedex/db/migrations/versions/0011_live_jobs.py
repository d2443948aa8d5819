"""Jobs that wait or run, for statements about rows that a job must serve."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(
        """
        CREATE VIEW live_jobs AS
        SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing');
        """
    )
