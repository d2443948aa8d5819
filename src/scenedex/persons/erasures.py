"""Erasure of a person with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.assets.erasure import request_erasure
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.persons import erasure_queries, identity_queries
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.identities import Erased
from scenedex.persons.notices import PERSON_ERASED
from scenedex.wire.errors import FieldProblem
from scenedex.workspaces.locks import lock_persons
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue


class PersonTexts(Protocol):
    """Texts about persons that the slices above have."""

    async def forget(self, tx: Transaction, person_ids: Sequence[int]) -> int:
        """Delete the texts about scenes in which these persons appear or speak. Return their number.

        The caller holds the lock of `lock_persons`.
        """
        ...


class PersonErasures:
    """Erases every trace of persons."""

    def __init__(self, database: Database, queue: JobQueue, texts: PersonTexts) -> None:
        self._database = database
        self._queue = queue
        self._texts = texts

    async def erase(self, actor: Actor, workspace_name: str, person_id: int) -> list[Erased]:
        """Erase a person with those merged into it, even if it is deleted.

        Appearances, events of other persons that name it, stored faces of its assets and summaries of its scenes are
        erased as well.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: there is no such person in the workspace, or it was merged into another.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            await lock_persons(tx, workspace)
            found = await identity_queries.merged_person(tx, workspace, person_id)
            if found is None:
                raise PersonNotFound(FieldProblem("person_id", f"there is no person {person_id}"))
            if found.root_id != found.person_id:
                raise PersonNotFound(
                    FieldProblem("person_id", f"person {person_id} was merged into person {found.root_id}")
                )
            rows = await erasure_queries.rows_of(tx, found.person_id)
            traces = await erasure_queries.traces_of(tx, rows)
            outputs = await erasure_queries.delete_face_outputs(tx, workspace, rows)
            uploads = await erasure_queries.delete_uploads(tx, rows)
            summaries = await self._texts.forget(tx, rows)
            await erasure_queries.delete(tx, rows)
            await request_erasure(tx, self._queue)
            notice = Notice(PERSON_ERASED, NoticeSubject(person_id=found.person_id))
            await record(tx, actor.entry, notice=notice)
            further = Erased("FACE_OUTPUT", outputs), Erased("UPLOAD", uploads), Erased("SUMMARY", summaries)
            return [*traces, *further]
