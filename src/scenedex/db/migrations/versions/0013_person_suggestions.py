"""Pairs of persons that may be one, for users to accept or reject."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute(
        """
        -- A person that was registered although its face is like that of another. Both are those of the registration.
        -- Whatever they are merged into counts.
        CREATE TABLE person_suggestions (
            suggestion_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            other_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            score real NOT NULL,
            asset_id bigint NOT NULL REFERENCES assets ON DELETE CASCADE,
            created_time timestamptz NOT NULL DEFAULT now(),
            UNIQUE (person_id, other_id)
        );
        CREATE INDEX suggestions_of_workspace ON person_suggestions (workspace_id);
        CREATE INDEX suggestions_of_other ON person_suggestions (other_id);
        CREATE INDEX suggestions_of_asset ON person_suggestions (asset_id);

        -- The best suggestion of each pair of current identities that are neither merged, deleted nor rejected.
        CREATE VIEW open_suggestions AS
        SELECT DISTINCT ON (
            suggestion.workspace_id, least(one.root_id, two.root_id), greatest(one.root_id, two.root_id)
        )
            suggestion.workspace_id,
            suggestion_id,
            one.root_id AS person_id,
            two.root_id AS other_id,
            score,
            asset_id,
            suggestion.created_time
        FROM person_suggestions suggestion
        JOIN persons one ON one.person_id = suggestion.person_id
        JOIN persons two ON two.person_id = suggestion.other_id
        JOIN persons root ON root.person_id = one.root_id AND root.deleted_time IS NULL
        JOIN persons other_root ON other_root.person_id = two.root_id AND other_root.deleted_time IS NULL
        WHERE one.root_id <> two.root_id
          AND NOT EXISTS (
              SELECT
              FROM person_rejections
              JOIN persons rejected ON rejected.person_id = person_rejections.person_id
              JOIN persons other_rejected ON other_rejected.person_id = person_rejections.other_id
              WHERE rejected.root_id = one.root_id AND other_rejected.root_id = two.root_id
                 OR rejected.root_id = two.root_id AND other_rejected.root_id = one.root_id
          )
        ORDER BY
            suggestion.workspace_id,
            least(one.root_id, two.root_id),
            greatest(one.root_id, two.root_id),
            score DESC,
            suggestion_id;
        """
    )
