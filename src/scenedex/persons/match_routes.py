"""Routes of persons who look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from litestar import get
from litestar.params import QueryParameter

from scenedex.assets.links import Links
from scenedex.audit.marks import NO_EVENT
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import READS_ONLY
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.match_schemas import (
    RECOMMEND_BY_THUMBNAIL,
    RECOMMENDED_PERSONS,
    SIMILAR_PERSONS,
    RecommendByThumbnail,
    RecommendedPersonsObject,
    SimilarPersonObject,
    SimilarPersonsObject,
)
from scenedex.persons.matching import Matching, MatchLimits
from scenedex.persons.routes import PERSON_PATH, PERSONS_PATH, PersonIdText
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import parse_id
from scenedex.wire.routing import Injected, WorkspaceName, answers, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.persons.matching import SimilarPerson

PersonCount = Annotated[
    int, QueryParameter(ge=1, le=10, description="Maximum number of persons, 1-10.", schema_extra={"examples": [3]})
]
ScoreThreshold = Annotated[
    int, QueryParameter(ge=80, le=100, description="Minimum score, 80-100.", schema_extra={"examples": [80]})
]


@get(
    PERSON_PATH + "/similar",
    tags=["persons"],
    operation_id="listSimilarPersons",
    summary="Find persons who look like a person",
    responses=answers(SIMILAR_PERSONS, WorkspaceNotFound, PersonNotFound),
)
async def list_similar_persons(
    matching: Injected[Matching],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    person_id: PersonIdText,
    personCount: PersonCount = 3,  # noqa: N803  # errors name it as the parameter is called
    scoreThreshold: ScoreThreshold = 80,  # noqa: N803  # as above
) -> Envelope[SimilarPersonsObject]:
    """Find the persons of the workspace who look most like a person, best first, without rejected ones."""
    limits = MatchLimits(personCount, scoreThreshold)
    person, found = await matching.similar(caller, workspace_name, parse_id("person_id", person_id), limits)
    return Envelope(result=SimilarPersonsObject(person_id=person, similar_persons=_shapes(found, links, base_url)))


@post(
    PERSONS_PATH + "/recommend-by-thumbnail",
    opt={READS_ONLY: True} | NO_EVENT,
    tags=["persons"],
    operation_id="recommendPersonsByThumbnail",
    summary="Find persons who look like the one in a picture",
    responses=answers(RECOMMENDED_PERSONS, WorkspaceNotFound),
)
async def recommend_persons_by_thumbnail(
    matching: Injected[Matching],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    data: Annotated[RecommendByThumbnail, json_body(RECOMMEND_BY_THUMBNAIL)],
) -> Envelope[RecommendedPersonsObject]:
    """Find the persons of the workspace who look most like the one in an uploaded picture, best first."""
    limits = MatchLimits(data.person_count, data.score_threshold)
    found = await matching.recommend(caller, workspace_name, data.thumbnail_key, limits)
    return Envelope(result=RecommendedPersonsObject(persons=_shapes(found, links, base_url)))


def _shapes(found: Sequence[SimilarPerson], links: Links, base_url: str) -> list[SimilarPersonObject]:
    urls = links.readable(sorted({one.thumbnail_key for one in found if one.thumbnail_key is not None}), base_url)
    return [
        SimilarPersonObject(
            person_id=one.person_id,
            name=one.name,
            score=one.score,
            thumbnail_url=None if one.thumbnail_key is None else urls[one.thumbnail_key],
        )
        for one in found
    ]


routes = [list_similar_persons, recommend_persons_by_thumbnail]
