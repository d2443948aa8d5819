"""Aliases of a route under an older path."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, cast

import httpx2
import pytest
from litestar import Litestar, get
from litestar.params import PathParameter

from scenedex.analysis.routes import delete_index
from scenedex.auth.middleware import RATE
from scenedex.legacy.alias import alias
from scenedex.legacy.routes import routes
from scenedex.search.routes import request_search
from scenedex.wire.answers import exception_handlers
from scenedex.wire.envelope import Envelope, Wire
from scenedex.wire.parsing import parse_id
from scenedex.wire.routing import answers

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler


class Film(Wire, frozen=True, kw_only=True):
    """A film."""

    asset_id: int
    title: str = "Jaws"


def allow(_connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Refuse no request."""


@get(
    "/films/{asset_id:str}",
    operation_id="getFilm",
    summary="Get a film",
    tags=["films"],
    opt={RATE: "complete"},
    guards=[allow],
    responses=answers(Film(asset_id=1)),
)
async def get_film(asset_id: Annotated[str, PathParameter(description="Id of a film.")]) -> Envelope[Film]:
    """A film."""
    return Envelope(result=Film(asset_id=parse_id("asset_id", asset_id)))


def untitled(answer: Envelope[Film]) -> Envelope[Film]:
    return Envelope(result=Film(asset_id=answer.result.asset_id, title="Untitled"))


@pytest.fixture(scope="module")
def application() -> Litestar:
    older = [
        alias(get_film, "/movies/{asset_id:str}", "getMovie"),
        alias(get_film, "/videos/{video_asset_id:str}", "getVideo", method="POST", convert=untitled),
    ]
    return Litestar([get_film, *older], exception_handlers=exception_handlers(), logging_config=None)


def answer(application: Litestar, method: str, path: str) -> Any:
    async def call() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=cast("Any", application))
        async with httpx2.AsyncClient(transport=transport, base_url="http://host") as client:
            return await client.request(method, path)

    return asyncio.run(call()).json()


def test_the_older_path_answers_as_the_current_one(application: Litestar) -> None:
    assert answer(application, "GET", "/movies/7") == answer(application, "GET", "/films/7")


def test_an_answer_and_its_example_are_converted_alike(application: Litestar) -> None:
    document = application.openapi_schema.to_schema()["paths"]["/videos/{video_asset_id}"]["post"]

    assert answer(application, "POST", "/videos/7")["result"] == {"assetId": 7, "title": "Untitled"}
    (example,) = document["responses"]["200"]["content"]["application/json"]["examples"].values()
    assert example["value"]["result"] == {"assetId": 1, "title": "Untitled"}


def test_an_id_is_refused_by_its_name_in_the_path(application: Litestar) -> None:
    fields = [
        answer(application, method, path)["responseError"]["details"][0]["field"]
        for method, path in (("GET", "/movies/x"), ("POST", "/videos/x"))
    ]

    assert fields == ["asset_id", "video_asset_id"]


def test_the_document_names_the_call_to_use(application: Litestar) -> None:
    operation = application.openapi_schema.to_schema()["paths"]["/movies/{asset_id}"]["get"]

    assert (operation["operationId"], operation["tags"], operation["deprecated"]) == ("getMovie", ["deprecated"], True)
    assert operation["description"] == "Deprecated. Call `getFilm` instead."


def test_the_current_route_stays_unchanged(application: Litestar) -> None:
    operation = application.openapi_schema.to_schema()["paths"]["/films/{asset_id}"]["get"]

    assert (operation["operationId"], operation["tags"], operation["deprecated"]) == ("getFilm", ["films"], False)


def test_marks_and_guards_are_carried() -> None:
    older = alias(get_film, "/movies/{asset_id:str}", "getMovie")

    assert older.opt == {RATE: "complete"}
    assert cast("Any", older.guards) == [allow]


@pytest.mark.parametrize(
    ("operation_id", "current"),
    [("deleteIndexById", delete_index), ("deleteVideoIndexById", delete_index), ("requestSceneSearch", request_search)],
)
def test_calls_with_a_function_of_their_own_carry_the_marks_of_the_current_call(
    operation_id: str, current: BaseRouteHandler
) -> None:
    (older,) = [route for route in routes if route.operation_id == operation_id]

    assert older.opt == current.opt
