"""Sessions of the console, and links that open one."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE console_sessions (
            session_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            -- SHA-256 of the cookie.
            digest bytea NOT NULL UNIQUE,
            access_key text NOT NULL REFERENCES access_keys ON DELETE CASCADE,
            created_time timestamptz NOT NULL DEFAULT now(),
            expires_time timestamptz NOT NULL,
            -- Time of the last call, to the minute.
            seen_time timestamptz NOT NULL DEFAULT now(),
            user_agent text
        );
        CREATE INDEX sessions_of_key ON console_sessions (access_key, session_id);
        CREATE INDEX sessions_by_time ON console_sessions (expires_time);

        CREATE TABLE sign_in_links (
            -- SHA-256 of the token.
            digest bytea PRIMARY KEY,
            user_name text NOT NULL,
            expires_time timestamptz NOT NULL
        );
        CREATE INDEX sign_in_links_by_time ON sign_in_links (expires_time);
        """
    )
