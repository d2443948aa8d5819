"""Metrics of processes, and audit events."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(
        """
        -- What each process has measured since it started, as an array of {name, labels, value}. The process without a
        -- name stands for all that have ended.
        CREATE TABLE process_metrics (
            process text PRIMARY KEY,
            samples jsonb NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );

        -- Who changed what. Written in the transaction of the change; nothing refers to what it tells of, so that it
        -- stays when that goes.
        CREATE TABLE audit_events (
            event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event_time timestamptz NOT NULL DEFAULT now(),
            event text NOT NULL,
            user_name text NOT NULL,
            access_key text,
            workspace_name text,
            resource text,
            created_id text,
            source_address text,
            trace_id text
        );
        CREATE INDEX audit_events_by_time ON audit_events (event_time, event_id);
        CREATE INDEX audit_events_of_workspace ON audit_events (workspace_name, event_time, event_id);
        CREATE INDEX audit_events_of_user ON audit_events (user_name, event_time, event_id);
        """
    )
