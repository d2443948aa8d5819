"""Routes of identities: merge, split, reject, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter
from msgspec import structs

from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.persons.errors import PersonNameTaken, PersonNotFound, PersonNotMerged, SeenThereAlready, SplitNameTaken
from scenedex.persons.events import EventDetails, PersonEvent
from scenedex.persons.history import PersonHistories
from scenedex.persons.identity_schemas import (
    MERGE,
    MERGE_PERSONS,
    PERSON_EVENT,
    REJECT_FOR_PERSON,
    REJECTION,
    SPLIT,
    SPLIT_PERSON,
    MergeObject,
    MergePersons,
    PersonEventObject,
    PlaceObject,
    RejectForPerson,
    RejectionObject,
    SplitObject,
    SplitPerson,
)
from scenedex.persons.identity_service import Identities
from scenedex.persons.records import ChosenAppearance
from scenedex.persons.routes import MAX_NAME_LENGTH, PERSON_PATH, PersonIdText
from scenedex.persons.wire_shapes import given_ids
from scenedex.wire.body_limits import LONG_LIST
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, check_label, parse_id
from scenedex.wire.routing import Injected, PageNum, WorkspaceName, answers, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

_MAX_OTHERS = 10
_MAX_APPEARANCES = 1000
_LAST_SCENE = 2**31 - 1

PageSize = Annotated[
    int,
    QueryParameter(name="pageSize", ge=1, le=50, description="Items per page, 1-50.", schema_extra={"examples": [10]}),
]


@post(
    PERSON_PATH + "/merge",
    tags=["persons"],
    operation_id="mergePersons",
    summary="Merge persons",
    opt=event("Merge Person"),
    responses=answers(MERGE, WorkspaceNotFound, PersonNotFound),
)
async def merge_persons(
    identities: Injected[Identities],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[MergePersons, json_body(MERGE_PERSONS)],
) -> Envelope[MergeObject]:
    """Merge other persons into this one, which keeps its name, description and primary thumbnail. Split undoes it."""
    number = parse_id("person_id", person_id)
    merge = await identities.merge(actor, workspace_name, number, _others(number, data.person_ids))
    return Envelope(result=times.shape(MergeObject, merge))


@post(
    PERSON_PATH + "/split",
    tags=["persons"],
    operation_id="splitPerson",
    summary="Undo a merge, or move appearances",
    opt=event("Split Person") | LONG_LIST,
    responses=answers(
        SPLIT, WorkspaceNotFound, PersonNotFound, PersonNameTaken, SeenThereAlready, SplitNameTaken, PersonNotMerged
    ),
)
async def split_person(
    identities: Injected[Identities],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[SplitPerson, json_body(SPLIT_PERSON)],
) -> Envelope[SplitObject]:
    """Undo the merge of a person into this one, or move appearances to another person."""
    number = parse_id("person_id", person_id)
    _check_one_of(mergedPersonId=data.merged_person_id, appearances=data.appearances)
    if data.appearances is not None:
        chosen, target = _chosen(data.appearances), _target(number, data)
        split = await identities.move(actor, workspace_name, number, chosen, target)
    else:
        merged = parse_id("mergedPersonId", str(data.merged_person_id))
        _check_another("mergedPersonId", number, merged)
        for field, value in (("personId", data.person_id), ("name", data.name)):
            if value is not None:
                raise InvalidRequest(FieldProblem(field, "is allowed only with appearances"))
        split = await identities.undo_merge(actor, workspace_name, number, merged)
    return Envelope(result=times.shape(SplitObject, split))


@post(
    PERSON_PATH + "/reject",
    tags=["persons"],
    operation_id="rejectForPerson",
    summary="Reject persons or appearances of a person",
    opt=event("Reject Person") | LONG_LIST,
    responses=answers(REJECTION, WorkspaceNotFound, PersonNotFound),
)
async def reject_for_person(
    identities: Injected[Identities],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    data: Annotated[RejectForPerson, json_body(REJECT_FOR_PERSON)],
) -> Envelope[RejectionObject]:
    """Never match these persons or appearances with the person again. The appearances move to anonymous persons."""
    number = parse_id("person_id", person_id)
    _check_one_of(personIds=data.person_ids, appearances=data.appearances)
    if data.appearances is not None:
        found = await identities.reject_appearances(actor, workspace_name, number, _chosen(data.appearances))
    else:
        others = _others(number, data.person_ids or [])
        found = await identities.reject_persons(actor, workspace_name, number, others)
    return Envelope(result=times.shape(RejectionObject, found))


@get(
    PERSON_PATH + "/history",
    tags=["persons"],
    operation_id="getPersonHistory",
    summary="Get the history of a person",
    responses=answers(Page([PERSON_EVENT], 1, 1, 1, 10), WorkspaceNotFound, PersonNotFound),
)
async def get_person_history(
    person_histories: Injected[PersonHistories],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    page_num: PageNum = 1,
    page_size: PageSize = 10,
) -> Envelope[Page[PersonEventObject]]:
    """List the changes of a person and of those merged into it, newest first."""
    page = PageRequest(page_num, page_size)
    found, total = await person_histories.page(caller, workspace_name, parse_id("person_id", person_id), page)
    content = [_event(event, times) for event in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


def _event(event: PersonEvent, times: WireTime) -> PersonEventObject:
    details = structs.asdict(msgspec.convert(event.details, EventDetails))
    return times.shape(PersonEventObject, event, **details)


def _others(person: int, ids: Sequence[int]) -> list[int]:
    others = given_ids("personIds", ids, max_count=_MAX_OTHERS)
    if len(set(ids)) < len(ids):
        raise InvalidRequest(FieldProblem("personIds", "must not name one person twice"))
    if person in others:
        raise InvalidRequest(FieldProblem("personIds", "must not name the person itself"))
    return others


def _target(person: int, data: SplitPerson) -> int | str | None:
    if data.person_id is None:
        return None if data.name is None else check_label("name", data.name, max_length=MAX_NAME_LENGTH)
    if data.name is not None:
        raise InvalidRequest(FieldProblem("name", "must not be combined with personId"))
    target = parse_id("personId", str(data.person_id))
    _check_another("personId", person, target)
    return target


def _check_another(field: str, person: int, other: int) -> None:
    if person == other:
        raise InvalidRequest(FieldProblem(field, "must not be the person itself"))


def _check_one_of(**fields: object) -> None:
    if sum(value is not None for value in fields.values()) != 1:
        raise InvalidRequest(*(FieldProblem(field, f"give exactly one of {', '.join(fields)}") for field in fields))


def _chosen(places: Sequence[PlaceObject]) -> list[ChosenAppearance]:
    if not 0 < len(places) <= _MAX_APPEARANCES:
        raise InvalidRequest(FieldProblem("appearances", f"must be 1 to {_MAX_APPEARANCES} places"))
    chosen: list[ChosenAppearance] = []
    for number, place in enumerate(places):
        field = f"appearances[{number}]"
        asset = parse_id(f"{field}.assetId", str(place.asset_id))
        start = place.start_time_ms
        if place.scene_id is not None and not 0 < place.scene_id <= _LAST_SCENE:
            raise InvalidRequest(FieldProblem(f"{field}.sceneId", "must be a scene"))
        if start is not None and (start < 0 or parse_id(f"{field}.startTimeMs", str(start)) != start):
            raise InvalidRequest(FieldProblem(f"{field}.startTimeMs", "must be a time of an asset"))
        chosen.append(ChosenAppearance(asset, place.scene_id, start))
    return chosen


routes = [merge_persons, split_person, reject_for_person, get_person_history]
