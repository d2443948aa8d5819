"""Questions, their answers, and the citations of the answers."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE questions (
            question_id text PRIMARY KEY,
            question_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
            workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
            user_name text NOT NULL,
            request jsonb NOT NULL,
            state text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'COMPLETED', 'FAILED')),
            message text,
            facts jsonb,
            job_id bigint,
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            created_time timestamptz NOT NULL DEFAULT now(),
            expires_time timestamptz NOT NULL
        );
        CREATE INDEX questions_by_age ON questions (expires_time);
        CREATE INDEX questions_running ON questions (question_number) WHERE state = 'RUNNING';
        CREATE INDEX questions_of_workspace ON questions (workspace_id);

        -- Sentences of answers with the numbers of their citations.
        CREATE TABLE answer_sentences (
            question_number bigint NOT NULL REFERENCES questions (question_number) ON DELETE CASCADE,
            place integer NOT NULL,
            text text NOT NULL,
            citations integer[] NOT NULL,
            PRIMARY KEY (question_number, place)
        );

        -- A citation is deleted with its scene.
        CREATE TABLE answer_citations (
            question_number bigint NOT NULL REFERENCES questions (question_number) ON DELETE CASCADE,
            number integer NOT NULL,
            index_id bigint NOT NULL,
            scene_id integer NOT NULL,
            citation jsonb NOT NULL,
            PRIMARY KEY (question_number, number),
            FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE
        );
        CREATE INDEX answer_citations_of_scenes ON answer_citations (index_id, scene_id);

        -- A citation is deleted with each person who is seen or heard in its scene.
        CREATE TABLE persons_of_citations (
            question_number bigint NOT NULL,
            number integer NOT NULL,
            person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
            PRIMARY KEY (question_number, number, person_id),
            FOREIGN KEY (question_number, number) REFERENCES answer_citations ON DELETE CASCADE
        );
        CREATE INDEX persons_of_citations_by_person ON persons_of_citations (person_id);

        -- No sentence outlives any of its citations, since it may repeat the words of each.
        CREATE FUNCTION delete_sentences_of_citations() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM answer_sentences s
            USING deleted d
            WHERE s.question_number = d.question_number AND d.number = ANY(s.citations);
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER delete_sentences AFTER DELETE ON answer_citations
            REFERENCING OLD TABLE AS deleted
            FOR EACH STATEMENT EXECUTE FUNCTION delete_sentences_of_citations();

        CREATE FUNCTION delete_citations_of_persons() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM answer_citations c
            USING deleted d
            WHERE c.question_number = d.question_number AND c.number = d.number;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER delete_citations AFTER DELETE ON persons_of_citations
            REFERENCING OLD TABLE AS deleted
            FOR EACH STATEMENT EXECUTE FUNCTION delete_citations_of_persons();
        """
    )
