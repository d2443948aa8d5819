"""Suggestions: pairs of persons that may be one, which users accept or reject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit.service import record
from scenedex.persons import identity_queries, suggestion_queries
from scenedex.persons.errors import SuggestionNotFound
from scenedex.persons.identity_service import merge_notice, merge_persons, reject_pairs
from scenedex.wire.errors import FieldProblem
from scenedex.workspaces.locks import lock_persons, prevent_deletion
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.identities import Merge, PersonRejection
    from scenedex.persons.records import IdentificationScope, PersonId, SimilarIdentity
    from scenedex.persons.suggestion_records import Suggestion
    from scenedex.wire.parsing import PageRequest

MAX_SUGGESTIONS: Final = 3
"""Maximum number of persons that a person is suggested to be."""


class PersonSuggestions:
    """The suggestions in the database.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, and `SuggestionNotFound` if
    the suggestion that they name is not in it, or its persons were merged, rejected or deleted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, workspace_name: str, person_id: int | None, page: PageRequest
    ) -> tuple[list[Suggestion], int]:
        """Return a page of the open suggestions, best first, and their total. With a person, only those about it."""
        async with self._database.snapshot() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = await suggestion_queries.page(tx, workspace, person_id, page.offset, page.size)
            return found, await suggestion_queries.count(tx, workspace, person_id)

    async def accept(self, actor: Actor, workspace_name: str, suggestion_id: int) -> Merge:
        """Merge both persons into the one with a name, or else into the one that was registered first."""
        async with self._database.transaction() as tx:
            person, other = await _open_pair(tx, actor, workspace_name, suggestion_id)
            names = {one: await identity_queries.name_of(tx, one) for one in (person, other)}
            kept, merged = sorted((person, other), key=lambda one: (names[one] is None, one))
            await suggestion_queries.delete_between(tx, person, other)
            merge = await merge_persons(tx, actor, kept, [merged])
            await record(tx, actor.entry, notice=merge_notice(kept, [merged]))
            return merge

    async def reject(self, actor: Actor, workspace_name: str, suggestion_id: int) -> PersonRejection:
        """Never suggest or match these two persons again."""
        async with self._database.transaction() as tx:
            person, other = await _open_pair(tx, actor, workspace_name, suggestion_id)
            await suggestion_queries.delete_between(tx, person, other)
            rejection = await reject_pairs(tx, actor, person, [other])
            await record(tx, actor.entry)
            return rejection


async def suggest(
    tx: Transaction, scope: IdentificationScope, person: PersonId, similar: Sequence[SimilarIdentity]
) -> None:
    """Suggest that a person who was registered now is one of the similar persons, best first."""
    calibration = scope.calibration
    others = [
        (one.identity.person_id, calibration.curve.score(one.similarity))
        for one in similar[:MAX_SUGGESTIONS]
        if one.similarity >= calibration.bounds.possible
    ]
    if others:
        await suggestion_queries.insert(tx, scope.workspace_id, scope.asset_id, person, others)


async def _open_pair(
    tx: Transaction, actor: Actor, workspace_name: str, suggestion_id: int
) -> tuple[PersonId, PersonId]:
    """Return both persons of a suggestion, with the persons of the workspace locked."""
    workspace = await visible_workspace(tx, actor, workspace_name)
    await prevent_deletion(tx, workspace)
    await lock_persons(tx, workspace)
    pair = await suggestion_queries.pair(tx, workspace, suggestion_id)
    if pair is None:
        raise SuggestionNotFound(FieldProblem("suggestion_id", f"there is no open suggestion {suggestion_id}"))
    return pair
