"""Numbers of attempts at proxies that are never given twice, since a proxy can be deleted and requested again."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.execute(
        """
        CREATE SEQUENCE proxy_attempts AS integer OWNED BY proxies.attempt;
        SELECT setval('proxy_attempts', (SELECT coalesce(max(attempt), 0) + 1 FROM proxies));
        """
    )
