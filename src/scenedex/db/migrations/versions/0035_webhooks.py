"""Webhooks: endpoints, their deliveries as an outbox of the audit log, and the attempts at each."""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute(
        """
        -- The change as other systems are told about it: its type, the ids of the objects, and the object whose
        -- notices arrive in order. Null for events that no other system is told about.
        ALTER TABLE audit_events
            ADD COLUMN notice_type text,
            ADD COLUMN notice jsonb,
            ADD COLUMN lane text;

        -- Secrets are encrypted with the key of the server. The former one signs as well until its time is over.
        -- A worker leases an endpoint, and its writes count while the number of its lease is the latest. What it has
        -- learned about an endpoint counts while the revision is the latest, too.
        CREATE TABLE webhook_endpoints (
            endpoint_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            url text NOT NULL,
            description text,
            event_types text[],
            server_url text NOT NULL,
            secret bytea NOT NULL,
            public_key text,
            former_secret bytea,
            former_until timestamptz,
            is_enabled boolean NOT NULL DEFAULT true,
            disabled_reason text,
            disabled_time timestamptz,
            failures integer NOT NULL DEFAULT 0,
            failing_since timestamptz,
            paused_until timestamptz,
            revision integer NOT NULL DEFAULT 0,
            lease integer NOT NULL DEFAULT 0,
            leased_until timestamptz,
            created_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            updated_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX webhook_endpoints_of_workspace ON webhook_endpoints (workspace_id);

        -- An event for one endpoint. Of the waiting ones of a lane, the oldest alone is sent.
        CREATE TABLE webhook_deliveries (
            delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            endpoint_id bigint NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
            message_id text NOT NULL,
            type text NOT NULL,
            subject jsonb NOT NULL,
            user_name text NOT NULL,
            lane text NOT NULL,
            event_time timestamptz NOT NULL DEFAULT now(),
            state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'FAILED')),
            reason text,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            due_time timestamptz NOT NULL DEFAULT now(),
            ended_time timestamptz
        );
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_time, delivery_id)
            WHERE state = 'WAITING';
        CREATE INDEX webhook_deliveries_lanes ON webhook_deliveries (endpoint_id, lane, delivery_id)
            WHERE state = 'WAITING';
        CREATE INDEX webhook_deliveries_log ON webhook_deliveries (endpoint_id, delivery_id);
        CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_time) WHERE ended_time IS NOT NULL;

        -- The answer is null if there was none.
        CREATE TABLE webhook_attempts (
            delivery_id bigint NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
            attempt integer NOT NULL,
            attempt_time timestamptz NOT NULL,
            duration_ms integer NOT NULL,
            status integer,
            reason text,
            answer text,
            PRIMARY KEY (delivery_id, attempt)
        );

        CREATE FUNCTION add_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            message_id text := 'msg_' || replace(gen_random_uuid()::text, '-', '');
        BEGIN
            INSERT INTO webhook_deliveries (endpoint_id, message_id, type, subject, user_name, lane, event_time)
            SELECT e.endpoint_id, message_id, NEW.notice_type, NEW.notice, NEW.user_name, NEW.lane, NEW.event_time
            FROM webhook_endpoints e
            JOIN workspaces w USING (workspace_id)
            WHERE w.workspace_name = NEW.workspace_name
              AND e.is_enabled
              AND (e.event_types IS NULL OR NEW.notice_type = ANY (e.event_types))
            ORDER BY e.endpoint_id
            FOR KEY SHARE OF e;
            IF FOUND THEN
                PERFORM pg_notify('scenedex_webhooks', '');
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER audit_events_webhooks AFTER INSERT ON audit_events
            FOR EACH ROW WHEN (NEW.notice_type IS NOT NULL)
            EXECUTE FUNCTION add_webhook_deliveries();
        """
    )
