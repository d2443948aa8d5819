"""Users of the OpenID provider, and their sessions."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE provider_accounts (
            account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            issuer text NOT NULL,
            subject text NOT NULL,
            user_name text NOT NULL,
            -- Those groups of the latest sign-in that had a role.
            groups text[] NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            signed_in_time timestamptz NOT NULL DEFAULT now(),
            UNIQUE (issuer, subject)
        );

        ALTER TABLE console_sessions
            ALTER COLUMN access_key DROP NOT NULL,
            ADD COLUMN account_id bigint REFERENCES provider_accounts ON DELETE CASCADE,
            ADD CONSTRAINT sessions_have_one_account CHECK (num_nonnulls(access_key, account_id) = 1);
        CREATE INDEX sessions_of_account ON console_sessions (account_id, session_id) WHERE account_id IS NOT NULL;

        -- Issuer and subject of a user of the provider.
        ALTER TABLE audit_events ADD COLUMN identity text;
        """
    )
