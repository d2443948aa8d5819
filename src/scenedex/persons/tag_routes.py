"""Routes of person tags."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.persons.directory import TagFilter
from scenedex.persons.errors import PersonNotFound, PersonTagNameTaken, PersonTagNotFound
from scenedex.persons.routes import PERSON_PATH, PersonIdText
from scenedex.persons.schemas import (
    CHOSEN_TAGS,
    CREATE_TAG,
    CREATED_TAG,
    PERSON_TAG,
    TAGS_OF_PERSON,
    ChosenTags,
    CreatedTagObject,
    CreateTag,
    PersonTagObject,
    TagsOfPersonObject,
)
from scenedex.persons.tags import PersonTags
from scenedex.persons.wire_shapes import given_ids, tag_objects
from scenedex.wire.envelope import Done, Envelope, Page
from scenedex.wire.parsing import PageRequest, WireTime, check_label, parse_id
from scenedex.wire.routing import Injected, PageNum, WorkspaceName, answers, delete, id_parameter, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

TAGS_PATH = "/api/v1/workspaces/{workspace_name:str}/person-tags"
_MAX_NAME_LENGTH = 30
_MAX_TAGS = 30

PageSize = Annotated[
    int,
    QueryParameter(name="pageSize", ge=1, le=50, description="Items per page, 1-50.", schema_extra={"examples": [10]}),
]
TagIdFilter = Annotated[
    str | None, QueryParameter(name="id", description="Only the tag of this ID.", schema_extra={"examples": ["7"]})
]
TagNameFilter = Annotated[
    str | None,
    QueryParameter(
        name="name",
        description="1-30 characters of the name, in any case.",
        schema_extra={"minLength": 1, "maxLength": 30, "examples": ["reporters"]},
    ),
]
TagIdText = Annotated[str, id_parameter("Person tag ID, an integer.", "7")]


@get(
    TAGS_PATH,
    tags=["persons"],
    operation_id="listPersonTags",
    summary="Get person tag list",
    responses=answers(Page([PERSON_TAG], 1, 1, 1, 10), WorkspaceNotFound),
)
async def list_tags(
    person_tags: Injected[PersonTags],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    page_num: PageNum,
    page_size: PageSize = 10,
    tag_id: TagIdFilter = None,
    name: TagNameFilter = None,
) -> Envelope[Page[PersonTagObject]]:
    """List the person tags of a workspace, oldest first."""
    page = PageRequest(page_num, page_size)
    wanted = TagFilter(
        tag_id=None if tag_id is None else parse_id("id", tag_id),
        name=None if name is None else check_label("name", name, max_length=_MAX_NAME_LENGTH),
    )
    found, total = await person_tags.page(caller, workspace_name, wanted, page)
    content = [times.shape(PersonTagObject, tag) for tag in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@post(
    TAGS_PATH,
    tags=["persons"],
    operation_id="createPersonTag",
    summary="Create a person tag",
    opt=event("Create Person Tag"),
    responses=answers(CREATED_TAG, WorkspaceNotFound, PersonTagNameTaken),
)
async def create_tag(
    person_tags: Injected[PersonTags],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    data: Annotated[CreateTag, json_body(CREATE_TAG)],
) -> Envelope[CreatedTagObject]:
    """Create a tag for persons of the workspace."""
    name = check_label("name", data.name, max_length=_MAX_NAME_LENGTH)
    return Envelope(result=times.shape(CreatedTagObject, await person_tags.create(actor, workspace_name, name)))


@delete(
    TAGS_PATH + "/{tag_id:str}",
    tags=["persons"],
    operation_id="deletePersonTag",
    summary="Delete a person tag",
    opt=event("Delete Person Tag"),
    responses=answers(Done(), WorkspaceNotFound, PersonTagNotFound),
)
async def delete_tag(
    person_tags: Injected[PersonTags], actor: Injected[Actor], workspace_name: WorkspaceName, tag_id: TagIdText
) -> Done:
    """Delete a tag, also from all persons."""
    await person_tags.delete(actor, workspace_name, parse_id("tag_id", tag_id))
    return Done()


@post(
    PERSON_PATH + "/person-tags",
    tags=["persons"],
    operation_id="addTagsToPerson",
    summary="Add tags to a person",
    opt=event("Add Person Tag"),
    responses=answers(TAGS_OF_PERSON, WorkspaceNotFound, PersonNotFound, PersonTagNotFound),
)
async def add_tags(
    person_tags: Injected[PersonTags],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[ChosenTags, json_body(CHOSEN_TAGS)],
) -> Envelope[TagsOfPersonObject]:
    """Add tags to a person. Returns all its tags."""
    number, chosen = parse_id("person_id", person_id), given_ids("tagIds", data.tag_ids, max_count=_MAX_TAGS)
    person, tags = await person_tags.add(actor, workspace_name, number, chosen)
    return Envelope(result=TagsOfPersonObject(person_id=person, tag_list=tag_objects(tags)))


async def _remove(
    person_tags: Injected[PersonTags],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[ChosenTags, json_body(CHOSEN_TAGS)],
) -> Envelope[TagsOfPersonObject]:
    """Remove tags from a person, ignoring those that it does not have. Returns the remaining tags."""
    number, chosen = parse_id("person_id", person_id), given_ids("tagIds", data.tag_ids, max_count=_MAX_TAGS)
    person, tags = await person_tags.remove(actor, workspace_name, number, chosen)
    return Envelope(result=TagsOfPersonObject(person_id=person, tag_list=tag_objects(tags)))


delete_tags = delete(
    PERSON_PATH + "/person-tags",
    tags=["persons"],
    operation_id="deleteTagsOfPerson",
    summary="Remove tags from a person, with a body",
    description="Remove tags from a person, as `remove` does, for clients that send a body with DELETE.",
    opt=event("Remove Person Tag"),
    responses=answers(TAGS_OF_PERSON, WorkspaceNotFound, PersonNotFound),
)(_remove)

remove_tags = post(
    PERSON_PATH + "/person-tags/remove",
    tags=["persons"],
    operation_id="removeTagsFromPerson",
    summary="Remove tags from a person",
    opt=event("Remove Person Tag"),
    responses=answers(TAGS_OF_PERSON, WorkspaceNotFound, PersonNotFound),
)(_remove)

routes = [list_tags, create_tag, delete_tag, add_tags, delete_tags, remove_tags]
