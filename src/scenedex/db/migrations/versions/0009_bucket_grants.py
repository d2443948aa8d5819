"""Buckets that workspaces may read, and the workspaces that a query picture may be used in."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(
        """
        -- Objects that the imports of a workspace may read: those of a bucket whose keys start with the prefix.
        CREATE TABLE bucket_grants (
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            bucket_name text NOT NULL,
            prefix text NOT NULL DEFAULT '',
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (workspace_id, bucket_name, prefix)
        );

        -- False: bucket_name is a mere name, chosen by a key that may not grant a bucket.
        ALTER TABLE workspaces ADD COLUMN bucket_is_granted boolean NOT NULL DEFAULT true;

        -- Registered by a key that is limited to no workspace, and so may read every bucket where the settings say so.
        ALTER TABLE assets ADD COLUMN reads_open_buckets boolean NOT NULL DEFAULT true;

        -- Names of the workspaces that the key covers which uploaded the picture; NULL: all.
        ALTER TABLE pictures ADD COLUMN workspaces text[];
        """
    )
