"""Statements about questions and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from scenedex.jobs.queue import Work
from scenedex.questions.records import (
    AnswerFacts,
    AskedQuestion,
    Citation,
    CitedSentence,
    FoundCitation,
    QuestionClaim,
    QuestionNumber,
    QuestionRequest,
)
from scenedex.search.records import SearchState

if TYPE_CHECKING:
    from datetime import timedelta
    from typing import Literal

    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId
    from scenedex.questions.records import MadeAnswer


async def insert(
    tx: Transaction, workspace_id: int, user_name: str, question_id: str, request: QuestionRequest, lifetime: timedelta
) -> QuestionNumber | None:
    """Insert a question that waits for its job. Return `None` if the workspace does not exist."""
    return await tx.value(
        """
        INSERT INTO questions (question_id, workspace_id, user_name, request, expires_time)
        SELECT %(question_id)s, workspace_id, %(user_name)s, %(request)s, now() + %(lifetime)s
        FROM workspaces
        WHERE workspace_id = %(workspace_id)s
        FOR KEY SHARE
        RETURNING question_number
        """,
        question_id=question_id,
        user_name=user_name,
        request=msgspec.json.encode(request).decode(),
        lifetime=lifetime,
        workspace_id=workspace_id,
    )


async def set_job(tx: Transaction, number: int, job: JobId) -> None:
    """Set the job that answers the question."""
    await tx.run(
        "UPDATE questions SET job_id = %(job_id)s WHERE question_number = %(number)s", job_id=job, number=number
    )


async def find(tx: Transaction, workspace_id: int, question_id: str) -> AskedQuestion | None:
    """Return a question of the workspace that has not expired, without sentences and citations."""

    def make(number: int, state: str, message: str | None, request: object, facts: object) -> AskedQuestion:
        return AskedQuestion(
            question_id,
            QuestionNumber(number),
            SearchState(state),
            message,
            msgspec.convert(request, QuestionRequest),
            None if facts is None else msgspec.convert(facts, AnswerFacts),
        )

    return await tx.one(
        make,
        """
        SELECT question_number, state, message, request, facts
        FROM questions
        WHERE question_id = %(question_id)s AND workspace_id = %(workspace_id)s AND expires_time > now()
        """,
        question_id=question_id,
        workspace_id=workspace_id,
    )


async def sentences_of(tx: Transaction, number: int) -> list[CitedSentence]:
    """Return the sentences of an answer, in order."""

    def make(text: str, citations: list[int]) -> CitedSentence:
        return CitedSentence(text, tuple(citations))

    return await tx.all(
        make,
        "SELECT text, citations FROM answer_sentences WHERE question_number = %(number)s ORDER BY place",
        number=number,
    )


async def citations_of(tx: Transaction, number: int) -> list[FoundCitation]:
    """Return the citations of an answer, in order."""

    def make(  # one argument for each column
        number: int,
        asset_id: int,
        project_id: int,
        file_name: str,
        asset_type: Literal["IMAGE", "VIDEO"],
        index_id: int,
        scene_id: int,
        keyframe_key: str,
        citation: object,
    ) -> FoundCitation:
        words = msgspec.convert(citation, Citation)
        return FoundCitation(
            number, asset_id, project_id, file_name, asset_type, index_id, scene_id, keyframe_key, words
        )

    return await tx.all(
        make,
        """
        SELECT c.number, a.asset_id, a.project_id, a.file_name, i.type, s.index_id, s.scene_id, s.keyframe_key,
               c.citation
        FROM answer_citations c
        JOIN scenes s USING (index_id, scene_id)
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        WHERE question_number = %(number)s
        ORDER BY c.number
        """,
        number=number,
    )


async def is_running(tx: Transaction, question_id: str) -> bool:
    """Return whether a question exists and has not been answered."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM questions WHERE question_id = %(question_id)s AND state = 'RUNNING')",
        question_id=question_id,
    )


async def claim(tx: Transaction, number: int) -> QuestionClaim | None:
    """Start an attempt at a question. Return `None` if it has ended."""

    def make(
        number: int, workspace_id: int, user_name: str, request: object, attempt: int, tries: int
    ) -> QuestionClaim:
        asked = msgspec.convert(request, QuestionRequest)
        return QuestionClaim(QuestionNumber(number), workspace_id, user_name, asked, attempt, tries)

    return await tx.one(
        make,
        """
        UPDATE questions
        SET attempt = attempt + 1, tries = tries + 1
        WHERE question_number = %(number)s AND state = 'RUNNING'
        RETURNING question_number, workspace_id, user_name, request, attempt, tries
        """,
        number=number,
    )


async def release(tx: Transaction, claim: QuestionClaim) -> None:
    """Uncount a try that was interrupted through no fault of the question."""
    await tx.run(
        """
        UPDATE questions
        SET tries = tries - 1
        WHERE question_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
    )


async def complete(tx: Transaction, claim: QuestionClaim, answer: MadeAnswer) -> bool:
    """End a question with its answer. Return `False` if it was deleted or a later attempt has claimed it.

    Citations whose scene, or a person of whom, was deleted meanwhile are left out, with all sentences that have them.
    """
    ended = await tx.run(
        """
        UPDATE questions
        SET state = 'COMPLETED', facts = %(facts)s
        WHERE question_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        facts=msgspec.json.encode(answer.facts).decode(),
    )
    if not ended:
        return False
    made = answer.citations
    seen = [(one.number, person_id) for one in made for person_id in one.person_ids]
    await tx.run(
        """
        WITH citation AS MATERIALIZED (
            SELECT c.number, c.index_id, c.scene_id, c.citation
            FROM unnest(%(numbers)s::integer[], %(index_ids)s::bigint[], %(scene_ids)s::integer[],
                        %(citations)s::jsonb[]) AS c (number, index_id, scene_id, citation)
            JOIN scenes s USING (index_id, scene_id)
            WHERE NOT EXISTS (
                SELECT FROM unnest(%(seen_in)s::integer[], %(person_ids)s::bigint[]) AS p (number, person_id)
                WHERE p.number = c.number AND NOT EXISTS (SELECT FROM persons WHERE persons.person_id = p.person_id)
            )
            FOR KEY SHARE OF s
        ), inserted AS (
            INSERT INTO answer_citations (question_number, number, index_id, scene_id, citation)
            SELECT %(number)s, number, index_id, scene_id, citation FROM citation
            RETURNING number
        )
        INSERT INTO persons_of_citations (question_number, number, person_id)
        SELECT %(number)s, p.number, p.person_id
        FROM unnest(%(seen_in)s::integer[], %(person_ids)s::bigint[]) AS p (number, person_id)
        JOIN inserted ON inserted.number = p.number
        """,
        number=claim.number,
        numbers=[one.number for one in made],
        index_ids=[one.index_id for one in made],
        scene_ids=[one.scene_id for one in made],
        citations=[msgspec.json.encode(one.citation).decode() for one in made],
        seen_in=[number for number, _ in seen],
        person_ids=[person_id for _, person_id in seen],
    )
    await tx.run(
        """
        INSERT INTO answer_sentences (question_number, place, text, citations)
        SELECT %(number)s, place, sentence->>0, made.citations
        FROM unnest(%(sentences)s::jsonb[]) WITH ORDINALITY AS s (sentence, place)
        CROSS JOIN LATERAL (
            SELECT array_agg(value::integer ORDER BY place) AS citations
            FROM jsonb_array_elements_text(sentence->1) WITH ORDINALITY AS v (value, place)
        ) made
        WHERE made.citations <@ ARRAY(SELECT number FROM answer_citations WHERE question_number = %(number)s)
        """,
        number=claim.number,
        sentences=[msgspec.json.encode((one.text, one.citations)).decode() for one in answer.sentences],
    )
    return True


async def fail(tx: Transaction, claim: QuestionClaim, message: str) -> None:
    """End a question with the reason of its failure, unless it was deleted or a later attempt has claimed it."""
    await tx.run(
        """
        UPDATE questions
        SET state = 'FAILED', message = %(message)s
        WHERE question_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        message=message,
    )


async def cancel(tx: Transaction, number: int, message: str) -> JobId | None:
    """Fail a running question. Return its job, 0 if it has none, or `None` if the question is not running."""
    return await tx.value(
        """
        UPDATE questions
        SET state = 'FAILED', message = %(message)s
        WHERE question_number = %(number)s AND state = 'RUNNING'
        RETURNING coalesce(job_id, 0)
        """,
        number=number,
        message=message,
    )


async def questions_without_job(tx: Transaction) -> list[Work]:
    """Return and lock questions that have not ended although no job serves them."""
    return await tx.all(
        Work,
        """
        SELECT question_number, workspace_id
        FROM questions
        WHERE state = 'RUNNING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY question_number
        LIMIT 1000
        FOR UPDATE SKIP LOCKED
        """,
    )


async def drop_expired(tx: Transaction) -> None:
    """Delete expired questions with their answers."""
    await tx.run("DELETE FROM questions WHERE expires_time < now()")
