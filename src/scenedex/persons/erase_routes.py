"""Route that deletes a person, or erases every trace of it."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar.params import QueryParameter

from scenedex.assets.links import Links
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.persons.erasures import PersonErasures
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.identity_schemas import ERASED_PERSON, ErasedPersonObject, ErasedTraces
from scenedex.persons.routes import PERSON_PATH, PersonIdText
from scenedex.persons.schemas import PERSON, PersonObject
from scenedex.persons.service import Persons
from scenedex.persons.wire_shapes import person_object
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import WireTime, parse_id
from scenedex.wire.routing import Injected, WorkspaceName, answers, delete
from scenedex.workspaces.errors import WorkspaceNotFound

Erase = Annotated[
    Literal["true", "false"],
    QueryParameter(
        name="erase",
        description="If true, remove every trace, including the history, and return what was removed.",
        schema_extra={"examples": ["false"]},
    ),
]


@delete(
    PERSON_PATH,
    tags=["persons"],
    operation_id="deletePerson",
    summary="Delete a person",
    opt=event("Delete Person"),
    responses=answers(
        Envelope(result=PERSON),
        WorkspaceNotFound,
        PersonNotFound,
        shape=Envelope[PersonObject] | Envelope[ErasedPersonObject],
        other=Envelope(result=ERASED_PERSON),
    ),
)
async def delete_person(
    persons: Injected[Persons],
    person_erasures: Injected[PersonErasures],
    links: Injected[Links],
    actor: Injected[Actor],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    erase: Erase = "false",
) -> Envelope[PersonObject] | Envelope[ErasedPersonObject]:
    """Delete a person with its faces, pictures, tags and name. Indexes show an anonymous person in its place.

    Returns the person before the deletion. A deleted person can still be erased by its id.
    """
    number = parse_id("person_id", person_id)
    if erase == "false":
        return Envelope(
            result=person_object(await persons.delete(actor, workspace_name, number), links, base_url, times)
        )
    removed = await person_erasures.erase(actor, workspace_name, number)
    traces = [times.shape(ErasedTraces, one) for one in removed]
    return Envelope(result=ErasedPersonObject(person_id=number, removed=traces))


routes = [delete_person]
