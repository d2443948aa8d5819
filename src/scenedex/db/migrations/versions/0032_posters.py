"""Posters of indexes: small copies of their first keyframes, for lists of assets."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    # Indexes of earlier releases have none.
    op.execute("ALTER TABLE index_previews ADD COLUMN poster_key text")
