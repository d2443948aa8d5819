"""Identity of the installation that the database and its managed storage belong to."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(
        """
        -- One row. The same id stands in managed storage once a process has marked that.
        CREATE TABLE installation (
            is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            installation_id uuid NOT NULL DEFAULT gen_random_uuid(),
            has_marked_storage boolean NOT NULL DEFAULT false
        );
        INSERT INTO installation DEFAULT VALUES;
        """
    )
