"""Routes of suggestions: list, accept, reject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from litestar import get
from litestar.params import QueryParameter

from scenedex.assets.links import Links
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.persons.errors import SuggestionNotFound
from scenedex.persons.identity_schemas import MERGE, REJECTION, MergeObject, RejectionObject
from scenedex.persons.routes import PERSONS_PATH
from scenedex.persons.suggestion_schemas import SUGGESTION, SuggestedPersonObject, SuggestionObject
from scenedex.persons.suggestions import PersonSuggestions
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import Injected, PageNum, PageSize, WorkspaceName, answers, id_parameter, post
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.persons.suggestion_records import Suggestion

SUGGESTIONS_PATH = PERSONS_PATH + "/suggestions"
_SUGGESTION_PATH = SUGGESTIONS_PATH + "/{suggestion_id:str}"

SuggestionIdText = Annotated[str, id_parameter("Suggestion ID, an integer.", "31")]
PersonFilterText = Annotated[
    str | None,
    QueryParameter(
        name="personId", description="Only suggestions about this person.", schema_extra={"examples": ["301"]}
    ),
]


@get(
    SUGGESTIONS_PATH,
    tags=["persons"],
    operation_id="listPersonSuggestions",
    summary="Get list of persons that may be the same",
    responses=answers(Page([SUGGESTION], 1, 1, 1, 50), WorkspaceNotFound),
)
async def list_suggestions(
    person_suggestions: Injected[PersonSuggestions],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    page_num: PageNum = 1,
    page_size: PageSize = 50,
    person_id: PersonFilterText = None,
) -> Envelope[Page[SuggestionObject]]:
    """List the pairs of persons that may be one, most similar first. Merged and rejected pairs are left out."""
    page = PageRequest(page_num, page_size)
    person = None if person_id is None else parse_id("personId", person_id)
    found, total = await person_suggestions.page(caller, workspace_name, person, page)
    keys = {key for one in found for key in (one.thumbnail_key, one.other_thumbnail_key) if key is not None}
    urls = links.readable(sorted(keys), base_url)
    content = [_shape(one, urls, times) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@post(
    _SUGGESTION_PATH + "/accept",
    tags=["persons"],
    operation_id="acceptPersonSuggestion",
    summary="Merge two persons that are the same",
    opt=event("Accept Person Suggestion"),
    responses=answers(MERGE, WorkspaceNotFound, SuggestionNotFound),
)
async def accept_suggestion(
    person_suggestions: Injected[PersonSuggestions],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    suggestion_id: SuggestionIdText,
) -> Envelope[MergeObject]:
    """Merge both persons into the one with a name, or else into the one that was registered first. Split undoes it."""
    merge = await person_suggestions.accept(actor, workspace_name, parse_id("suggestion_id", suggestion_id))
    return Envelope(result=times.shape(MergeObject, merge))


@post(
    _SUGGESTION_PATH + "/reject",
    tags=["persons"],
    operation_id="rejectPersonSuggestion",
    summary="Reject that two persons are the same",
    opt=event("Reject Person Suggestion"),
    responses=answers(REJECTION, WorkspaceNotFound, SuggestionNotFound),
)
async def reject_suggestion(
    person_suggestions: Injected[PersonSuggestions],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    suggestion_id: SuggestionIdText,
) -> Envelope[RejectionObject]:
    """Never suggest, propose or match these two persons again."""
    rejection = await person_suggestions.reject(actor, workspace_name, parse_id("suggestion_id", suggestion_id))
    return Envelope(result=times.shape(RejectionObject, rejection))


def _shape(one: Suggestion, urls: Mapping[str, str], times: WireTime) -> SuggestionObject:
    return SuggestionObject(
        suggestion_id=one.suggestion_id,
        person=SuggestedPersonObject(
            person_id=one.person_id, name=one.name, thumbnail_url=urls.get(one.thumbnail_key or "")
        ),
        similar_person=SuggestedPersonObject(
            person_id=one.other_id, name=one.other_name, thumbnail_url=urls.get(one.other_thumbnail_key or "")
        ),
        score=round(one.score, 2),
        asset_id=one.asset_id,
        created_time=times(one.created_time),
    )


routes = [list_suggestions, accept_suggestion, reject_suggestion]
