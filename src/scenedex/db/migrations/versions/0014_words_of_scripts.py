"""Words of scripts, the mark of rough ones, and search terms in which both scripts of Chinese are the same."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE scripts
            ADD COLUMN is_rough boolean NOT NULL DEFAULT false,
            -- Lists of text, start_ms, end_ms and confidence, in order of time.
            ADD COLUMN words jsonb NOT NULL DEFAULT '[]';

        -- Workers write the terms of scenes without words again.
        UPDATE search_terms t SET scene_count = t.scene_count - fewer.scenes
        FROM (
            SELECT word.lexeme, count(*) AS scenes
            FROM scenes, unnest(scenes.words) AS word
            WHERE array_to_string(tsvector_to_array(scenes.words), ' ') ~ '[\u3400-\u4dbf\u4e00-\u9fff]'
            GROUP BY 1
        ) fewer
        WHERE t.term = fewer.lexeme COLLATE "C";
        DELETE FROM search_terms WHERE scene_count <= 0;
        UPDATE scenes SET words = NULL
        WHERE array_to_string(tsvector_to_array(words), ' ') ~ '[\u3400-\u4dbf\u4e00-\u9fff]';
        """
    )
