"""Requests for answers to questions, and the answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.questions import queries
from scenedex.questions.errors import QuestionNotFound
from scenedex.search.records import SearchState
from scenedex.search.service import check_scope, random_id
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.questions.records import AskedQuestion, QuestionRequest

# Between looks at a running question before its state is returned.
_PAUSES_SECONDS: Final = (0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06)

cancel_question = queries.cancel
delete_expired_questions = queries.drop_expired


class Questions:
    """Questions of all workspaces. Each is deleted when its lifetime has passed since its request.

    A method raises `WorkspaceNotFound` if the workspace does not exist or the caller may not see it.
    """

    def __init__(self, database: Database, queue: JobQueue, *, lifetime: timedelta) -> None:
        self._database = database
        self._queue = queue
        self._lifetime = lifetime

    async def request(self, caller: Caller, workspace_name: str, request: QuestionRequest) -> str:
        """Request the answer to a question and return its id.

        Raises:
            ProjectNotFound: a project is not in the workspace.
            AssetNotFound: an asset is not in the workspace.
        """
        question_id = random_id()
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            await check_scope(tx, workspace, request.scope)
            number = await queries.insert(tx, workspace, caller.user_name, question_id, request, self._lifetime)
            if number is None:
                raise WorkspaceNotFound
            job = await self._queue.defer(tx, JobKind.QUESTION, Work(number, workspace))
            await queries.set_job(tx, number, job)
        return question_id

    async def get(self, caller: Caller, workspace_name: str, question_id: str) -> AskedQuestion:
        """Return a question and, once it has been answered, its answer. Waits a moment for a running one.

        Raises:
            QuestionNotFound: the question is not in the workspace or has expired.
        """
        found = await self._get(caller, workspace_name, question_id)
        if found.state is SearchState.RUNNING and await self._ends_soon(question_id):
            return await self._get(caller, workspace_name, question_id)
        return found

    async def _ends_soon(self, question_id: str) -> bool:
        for pause in _PAUSES_SECONDS:
            # No connection is held meanwhile.
            await asyncio.sleep(pause)
            async with self._database.reading() as tx:
                if not await queries.is_running(tx, question_id):
                    return True
        return False

    async def _get(self, caller: Caller, workspace_name: str, question_id: str) -> AskedQuestion:
        async with self._database.snapshot() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = None if "\x00" in question_id else await queries.find(tx, workspace, question_id)
            if found is None:
                raise QuestionNotFound
            if found.state is not SearchState.COMPLETED:
                return found
            sentences = await queries.sentences_of(tx, found.number)
            cited = {number for sentence in sentences for number in sentence.citations}
            citations = [one for one in await queries.citations_of(tx, found.number) if one.number in cited]
        return replace(found, sentences=sentences, citations=citations)


async def requeue_lost_questions(tx: Transaction, queue: JobQueue) -> None:
    """Give questions that have lost their job another."""
    await queue.requeue(tx, JobKind.QUESTION, await queries.questions_without_job(tx), queries.set_job)
