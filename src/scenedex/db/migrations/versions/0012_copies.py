"""Assets with the same bytes, which S3 knows by the entity tags of their copies before anything has read them."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE assets ADD COLUMN copy_etag text;
        -- The tag of an object that was written in one part is a digest of its bytes, and its copy has the same.
        UPDATE assets
        SET copy_etag = trim('"' FROM source_etag)
        WHERE managed_key IS NOT NULL AND source_etag ~ '^"[0-9a-f]{32}"$';
        CREATE INDEX assets_by_copy ON assets (copy_etag, size_bytes) WHERE copy_etag IS NOT NULL;

        CREATE VIEW earlier_copies AS
        SELECT later.asset_id, earlier.asset_id AS earlier_asset_id
        FROM assets later
        JOIN projects USING (project_id)
        JOIN assets earlier ON earlier.content_hash = later.content_hash AND earlier.asset_id < later.asset_id
        JOIN projects other ON other.project_id = earlier.project_id AND other.workspace_id = projects.workspace_id
        UNION ALL
        SELECT later.asset_id, earlier.asset_id
        FROM assets later
        JOIN projects USING (project_id)
        JOIN assets earlier
            ON earlier.copy_etag = later.copy_etag
            AND earlier.size_bytes = later.size_bytes
            AND earlier.asset_id < later.asset_id
        JOIN projects other ON other.project_id = earlier.project_id AND other.workspace_id = projects.workspace_id
        WHERE earlier.content_hash IS NULL OR later.content_hash IS NULL;
        """
    )
