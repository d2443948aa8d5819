"""Routes of persons: list, search, get, create, change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from litestar import get, patch
from litestar.params import QueryParameter
from msgspec import UNSET, UnsetType

from scenedex.assets.links import Links
from scenedex.audit.actor import Actor
from scenedex.audit.marks import NO_EVENT, event
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import READS_ONLY
from scenedex.persons.directory import NewPerson, PersonChanges, PersonFilter
from scenedex.persons.errors import PersonNameTaken, PersonNotFound
from scenedex.persons.schemas import (
    CREATE_PERSON,
    EDIT_PERSON,
    PERSON,
    SEARCH_PERSONS,
    CreatePerson,
    EditPerson,
    PersonObject,
    SearchPersons,
)
from scenedex.persons.service import Persons
from scenedex.persons.wire_shapes import first_thumbnails, given_ids, person_object, person_objects
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, check_label, parse_id
from scenedex.wire.routing import Injected, PageNum, PageSize, WorkspaceName, answers, id_parameter, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

PERSONS_PATH = "/api/v1/workspaces/{workspace_name:str}/persons"
PERSON_PATH = PERSONS_PATH + "/{person_id:str}"
MAX_NAME_LENGTH = 50
_MIN_NAME_FILTER_LENGTH = 2
_MAX_DESCRIPTION_LENGTH = 700
_MAX_SEARCH_PAGE_SIZE = 50
_MAX_PAGE = 2**31
_MAX_TAGS = 30
_MAX_PERSONS = 100

PersonIdText = Annotated[str, id_parameter("Person ID, an integer.", "301")]
NameFilter = Annotated[
    str | None,
    QueryParameter(
        name="name",
        description="2-50 characters of the name, in any case.",
        schema_extra={"minLength": 2, "maxLength": 50, "examples": ["jane"]},
    ),
]
TagFilterText = Annotated[
    str | None,
    QueryParameter(
        name="tagIdList",
        description="Only persons with one of these tags: at most 30 ids, separated by commas.",
        schema_extra={"examples": ["7,8"]},
    ),
]


@get(
    PERSONS_PATH,
    tags=["persons"],
    operation_id="listPersons",
    summary="Get person list",
    responses=answers(Page([PERSON], 1, 1, 1, 1000), WorkspaceNotFound),
)
async def list_persons(  # noqa: PLR0913, PLR0917  # its filters are parts of the query
    persons: Injected[Persons],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    page_num: PageNum,
    page_size: PageSize = 1000,
    name: NameFilter = None,
    tag_id_list: TagFilterText = None,
) -> Envelope[Page[PersonObject]]:
    """List the persons of a workspace by id."""
    page = PageRequest(page_num, page_size)
    wanted = PersonFilter(name=_name_filter(name), tag_ids=_tag_filter(tag_id_list))
    found, total = await persons.page(caller, workspace_name, wanted, page)
    return Envelope(result=_page(person_objects(found, links, base_url, times), total, page))


@post(
    PERSONS_PATH + "/search",
    tags=["persons"],
    operation_id="searchPersons",
    summary="Search persons",
    opt={READS_ONLY: True} | NO_EVENT,
    responses=answers(Page([PERSON], 1, 1, 1, 10), WorkspaceNotFound),
)
async def search_persons(
    persons: Injected[Persons],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    data: Annotated[SearchPersons, json_body(SEARCH_PERSONS)],
) -> Envelope[Page[PersonObject]]:
    """Find the persons of a workspace that meet all conditions, by default in the order of their assets."""
    page = _page_request(data)
    found, total = await persons.page(caller, workspace_name, _search_filter(data), page)
    return Envelope(result=_page(person_objects(found, links, base_url, times), total, page))


@post(
    PERSONS_PATH,
    tags=["persons"],
    operation_id="createPerson",
    summary="Create a person",
    opt=event("Create Person"),
    responses=answers(PERSON, WorkspaceNotFound, PersonNameTaken),
)
async def create_person(
    persons: Injected[Persons],
    links: Injected[Links],
    actor: Injected[Actor],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    data: Annotated[CreatePerson, json_body(CREATE_PERSON)],
) -> Envelope[PersonObject]:
    """Create a person with the faces in uploaded pictures, anonymous without a name."""
    wanted = NewPerson(
        name=None if data.name is None else check_label("name", data.name, max_length=MAX_NAME_LENGTH),
        description=None if data.description is None else _check_description(data.description),
        thumbnails=first_thumbnails(data.thumbnails),
    )
    return Envelope(result=person_object(await persons.create(actor, workspace_name, wanted), links, base_url, times))


@get(
    PERSON_PATH,
    tags=["persons"],
    operation_id="getPerson",
    summary="Get a person",
    responses=answers(PERSON, WorkspaceNotFound, PersonNotFound),
)
async def get_person(
    persons: Injected[Persons],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
) -> Envelope[PersonObject]:
    """Get a person together with those merged into it."""
    found = await persons.get(caller, workspace_name, parse_id("person_id", person_id))
    return Envelope(result=person_object(found, links, base_url, times))


@patch(
    PERSON_PATH,
    tags=["persons"],
    operation_id="changePerson",
    summary="Change a person",
    opt=event("Update Person"),
    responses=answers(PERSON, WorkspaceNotFound, PersonNotFound, PersonNameTaken),
)
async def change_person(
    persons: Injected[Persons],
    links: Injected[Links],
    actor: Injected[Actor],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[EditPerson, json_body(EDIT_PERSON)],
) -> Envelope[PersonObject]:
    """Name or describe a person, or choose its primary thumbnail. Every index shows the new name at once."""
    number = parse_id("person_id", person_id)
    changes = PersonChanges(
        name=_changed(data.name, lambda name: check_label("name", name, max_length=MAX_NAME_LENGTH)),
        description=_changed(data.description, _check_description),
        primary_thumbnail_id=UNSET if data.primary_thumbnail_id is None else data.primary_thumbnail_id,
    )
    changed = await persons.change(actor, workspace_name, number, changes)
    return Envelope(result=person_object(changed, links, base_url, times))


def _page(content: list[PersonObject], total: int, page: PageRequest) -> Page[PersonObject]:
    return Page(content, total, page.pages_of(total), page.number, page.size)


def _page_request(data: SearchPersons) -> PageRequest:
    for field, value, maximum in (
        ("pageNum", data.page_num, _MAX_PAGE),
        ("pageSize", data.page_size, _MAX_SEARCH_PAGE_SIZE),
    ):
        if not 1 <= value <= maximum:
            raise InvalidRequest(FieldProblem(field, f"must be 1 to {maximum}"))
    return PageRequest(data.page_num, data.page_size)


def _search_filter(data: SearchPersons) -> PersonFilter:
    return PersonFilter(
        name=_name_filter(data.name),
        person_ids=_ids_filter("personIds", data.person_ids, max_count=_MAX_PERSONS),
        tag_ids=_ids_filter("tagIds", data.tag_ids, max_count=_MAX_TAGS),
        name_type=data.name_type,
        order=data.sort_column,
        is_descending=data.sort_type == "DESC",
    )


def _name_filter(name: str | None) -> str | None:
    if name is None:
        return None
    wanted = check_label("name", name, max_length=MAX_NAME_LENGTH)
    if len(wanted) < _MIN_NAME_FILTER_LENGTH:
        raise InvalidRequest(FieldProblem("name", f"must be at least {_MIN_NAME_FILTER_LENGTH} characters long"))
    return wanted


def _tag_filter(text: str | None) -> list[int] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) > _MAX_TAGS:
        raise InvalidRequest(FieldProblem("tagIdList", f"must be at most {_MAX_TAGS} ids"))
    return [parse_id("tagIdList", part.strip()) for part in parts]


def _ids_filter(field: str, ids: Sequence[int] | None, *, max_count: int) -> list[int] | None:
    return None if ids is None else given_ids(field, ids, max_count=max_count)


def _changed(text: str | None, check: Callable[[str], str]) -> str | UnsetType | None:
    """Return the checked text, UNSET for an absent one, or `None` for an empty one, which removes the former text."""
    if text is None:
        return UNSET
    return check(text) if text else None


def _check_description(text: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise InvalidRequest(FieldProblem("description", "must not be blank"))
    if len(text) > _MAX_DESCRIPTION_LENGTH:
        raise InvalidRequest(FieldProblem("description", f"must be at most {_MAX_DESCRIPTION_LENGTH} characters long"))
    if any(ord(character) < ord(" ") and character not in "\t\n\r" for character in text):
        raise InvalidRequest(FieldProblem("description", "must not contain control characters"))
    return text


routes = [list_persons, search_persons, create_person, get_person, change_person]
