"""Signed calls of the last minutes, which cannot be sent again."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE signed_calls (
            -- SHA-256 of signature and body.
            digest bytea PRIMARY KEY,
            expires_time timestamptz NOT NULL
        );
        CREATE INDEX signed_calls_by_time ON signed_calls (expires_time);
        """
    )
