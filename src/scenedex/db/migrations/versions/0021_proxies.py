"""Proxies: versions of assets that browsers play."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute(
        """
        -- The object is in the folder of the asset, which the trigger of its row erases.
        CREATE TABLE proxies (
            asset_id bigint PRIMARY KEY REFERENCES assets ON DELETE CASCADE,
            status text NOT NULL DEFAULT 'WAITING' CHECK (status IN ('WAITING', 'RUNNING', 'READY', 'FAILED')),
            reason text,
            percent smallint NOT NULL DEFAULT 0,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            job_id bigint,
            object_key text,
            content_type text,
            width integer,
            height integer,
            size_bytes bigint,
            user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX proxies_unfinished ON proxies (asset_id) WHERE status IN ('WAITING', 'RUNNING');
        """
    )
