"""Watches: prefixes that are looked at from time to time, and the objects that events or looks have named."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE watches (
            watch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
            options jsonb NOT NULL,
            token_hash bytea NOT NULL UNIQUE,
            reads_open_buckets boolean NOT NULL,
            status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'PAUSED')),
            message text,
            failures integer NOT NULL DEFAULT 0,
            -- Last key of the look that is in progress, if one is.
            position text COLLATE "C",
            look jsonb NOT NULL DEFAULT '{}',
            last_look jsonb NOT NULL DEFAULT '{}',
            last_look_time timestamptz,
            next_look_time timestamptz NOT NULL DEFAULT now(),
            registered bigint NOT NULL DEFAULT 0,
            changed bigint NOT NULL DEFAULT 0,
            removed bigint NOT NULL DEFAULT 0,
            events bigint NOT NULL DEFAULT 0,
            ignored_events bigint NOT NULL DEFAULT 0,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            job_id bigint,
            create_user_name text NOT NULL,
            created_time timestamptz NOT NULL DEFAULT now(),
            update_user_name text NOT NULL,
            updated_time timestamptz NOT NULL DEFAULT now()
        ) WITH (fillfactor = 50);
        CREATE INDEX watches_of_project ON watches (project_id, watch_id);

        -- Keys whose objects are to be looked at, each once.
        CREATE SEQUENCE watch_touch_serial;
        CREATE TABLE watch_touches (
            watch_id bigint NOT NULL REFERENCES watches ON DELETE CASCADE,
            key text COLLATE "C" NOT NULL,
            due_time timestamptz NOT NULL DEFAULT now(),
            serial bigint NOT NULL DEFAULT nextval('watch_touch_serial'),
            etag text,
            size_bytes bigint,
            PRIMARY KEY (watch_id, key)
        );
        CREATE INDEX watch_touches_due ON watch_touches (watch_id, due_time);

        -- Watch that has registered an asset.
        ALTER TABLE assets ADD COLUMN watch_id bigint;

        -- Versions of objects whose assets users have deleted or moved. A watch does not register them again.
        CREATE TABLE dismissed_objects (
            watch_id bigint NOT NULL,
            key text COLLATE "C" NOT NULL,
            etag text NOT NULL,
            size_bytes bigint NOT NULL,
            PRIMARY KEY (watch_id, key)
        );
        CREATE FUNCTION dismiss_object() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO dismissed_objects
            SELECT watch_id, OLD.key, coalesce(OLD.listed_etag, OLD.source_etag),
                coalesce(OLD.listed_size_bytes, OLD.size_bytes)
            FROM watches
            WHERE watch_id = OLD.watch_id AND coalesce(OLD.listed_etag, OLD.source_etag) IS NOT NULL
              AND EXISTS (SELECT FROM projects WHERE projects.project_id = OLD.project_id)
            ON CONFLICT (watch_id, key) DO UPDATE SET etag = excluded.etag, size_bytes = excluded.size_bytes;
            RETURN NULL;
        END $$;
        CREATE TRIGGER dismiss_object AFTER DELETE ON assets FOR EACH ROW
            WHEN (OLD.watch_id IS NOT NULL) EXECUTE FUNCTION dismiss_object();
        CREATE TRIGGER dismiss_moved_object AFTER UPDATE OF project_id ON assets FOR EACH ROW
            WHEN (OLD.watch_id IS NOT NULL AND OLD.project_id <> NEW.project_id) EXECUTE FUNCTION dismiss_object();
        CREATE FUNCTION forget_dismissed_objects() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM dismissed_objects WHERE watch_id = OLD.watch_id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER forget_dismissed_objects AFTER DELETE ON watches FOR EACH ROW
            EXECUTE FUNCTION forget_dismissed_objects();
        """
    )
