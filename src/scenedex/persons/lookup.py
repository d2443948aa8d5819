"""Persons that a request names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons import identity_queries, queries
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.records import PersonId
from scenedex.wire.errors import FieldProblem
from scenedex.workspaces.locks import lock_persons, prevent_deletion
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Transaction
    from scenedex.workspaces.records import WorkspaceId


async def visible_person(
    tx: Transaction, caller: Caller, workspace_name: str, person_id: int, *, alone: bool = False
) -> tuple[WorkspaceId, PersonId]:
    """Return the workspace and the person that a request names.

    With ``alone`` the persons of the workspace are locked until the end of the transaction.

    Raises:
        WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        PersonNotFound: there is no such person in it, or it was deleted or merged into another.
    """
    workspace = await visible_workspace(tx, caller, workspace_name)
    if alone:
        await prevent_deletion(tx, workspace)
        await lock_persons(tx, workspace)
    return workspace, await existing_person(tx, workspace, person_id)


async def existing_person(
    tx: Transaction, workspace: WorkspaceId, person_id: int, field: str = "person_id"
) -> PersonId:
    """Return the person of this id, which the request names in ``field``.

    Raises:
        PersonNotFound: there is no such person in the workspace, or it was deleted or merged into another.
    """
    found = await queries.root_of(tx, workspace, person_id)
    if found is None:
        named = f"there is no person {person_id}" if person_id else "there is no such person"
        raise PersonNotFound(FieldProblem(field, named))
    if found != person_id:
        raise PersonNotFound(FieldProblem(field, f"person {person_id} was merged into person {found}"))
    return PersonId(found)


async def roots_of(tx: Transaction, workspace_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """Return the current identities of these persons, without those that the workspace lacks or that were deleted."""
    return await identity_queries.roots_of(tx, workspace_id, person_ids)


async def person_names(tx: Transaction, workspace_id: int) -> frozenset[str]:
    """Return the names of all persons of a workspace."""
    return frozenset(await queries.names_of(tx, workspace_id))
