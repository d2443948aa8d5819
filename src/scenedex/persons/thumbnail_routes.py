"""Routes of the thumbnails of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from scenedex.assets.links import Links
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.persons.directory import Thumbnail
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.records import PersonId
from scenedex.persons.routes import PERSON_PATH, PersonIdText
from scenedex.persons.schemas import (
    ADD_THUMBNAILS,
    REMOVE_THUMBNAILS,
    THUMBNAILS_OF_PERSON,
    AddThumbnails,
    RemoveThumbnails,
    ThumbnailsOfPersonObject,
)
from scenedex.persons.thumbnails import MAX_THUMBNAILS, Thumbnails
from scenedex.persons.wire_shapes import given_ids, given_thumbnails, thumbnail_objects
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import parse_id
from scenedex.wire.routing import Injected, WorkspaceName, answers, delete, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

_THUMBNAILS_PATH = PERSON_PATH + "/person-thumbnail"


@post(
    _THUMBNAILS_PATH,
    tags=["persons"],
    operation_id="addThumbnailsToPerson",
    summary="Add thumbnails to a person",
    opt=event("Add Person Thumbnail"),
    responses=answers(THUMBNAILS_OF_PERSON, WorkspaceNotFound, PersonNotFound),
)
async def add_thumbnails(
    thumbnails: Injected[Thumbnails],
    links: Injected[Links],
    actor: Injected[Actor],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[AddThumbnails, json_body(ADD_THUMBNAILS)],
) -> Envelope[ThumbnailsOfPersonObject]:
    """Add uploaded pictures as thumbnails of a person. Their faces identify it as well. Returns all thumbnails."""
    number, given = parse_id("person_id", person_id), given_thumbnails(data.thumbnails)
    person, shown = await thumbnails.add(actor, workspace_name, number, given)
    return _answer(person, shown, links, base_url)


async def _remove(
    thumbnails: Injected[Thumbnails],
    links: Injected[Links],
    actor: Injected[Actor],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[RemoveThumbnails, json_body(REMOVE_THUMBNAILS)],
) -> Envelope[ThumbnailsOfPersonObject]:
    """Remove thumbnails with their faces, ignoring unknown ones. At least one thumbnail is kept."""
    number = parse_id("person_id", person_id)
    chosen = given_ids("thumbnailIds", data.thumbnail_ids, max_count=MAX_THUMBNAILS)
    person, left = await thumbnails.remove(actor, workspace_name, number, chosen)
    return _answer(person, left, links, base_url)


delete_thumbnails = delete(
    _THUMBNAILS_PATH,
    tags=["persons"],
    operation_id="deleteThumbnailsOfPerson",
    summary="Remove thumbnails of a person, with a body",
    description="Remove thumbnails of a person, as `remove` does, for clients that send a body with DELETE.",
    opt=event("Remove Person Thumbnail"),
    responses=answers(THUMBNAILS_OF_PERSON, WorkspaceNotFound, PersonNotFound),
)(_remove)

remove_thumbnails = post(
    _THUMBNAILS_PATH + "/remove",
    tags=["persons"],
    operation_id="removeThumbnailsFromPerson",
    summary="Remove thumbnails of a person",
    opt=event("Remove Person Thumbnail"),
    responses=answers(THUMBNAILS_OF_PERSON, WorkspaceNotFound, PersonNotFound),
)(_remove)


def _answer(
    person: PersonId, shown: Sequence[Thumbnail], links: Links, base_url: str
) -> Envelope[ThumbnailsOfPersonObject]:
    urls = links.readable([one.key for one in shown], base_url)
    return Envelope(result=ThumbnailsOfPersonObject(person_id=person, thumbnail_list=thumbnail_objects(shown, urls)))


routes = [add_thumbnails, delete_thumbnails, remove_thumbnails]
