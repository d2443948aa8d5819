"""Calls of questions."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import PathParameter

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.audit.marks import NO_EVENT
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE, READS_ONLY
from scenedex.projects.errors import ProjectNotFound
from scenedex.questions.answers import question_object
from scenedex.questions.errors import QuestionNotFound
from scenedex.questions.request_parsing import parse_request
from scenedex.questions.schemas import (
    ASK_ID,
    QUESTION,
    QUESTION_STUB,
    REQUEST_QUESTION,
    QuestionObject,
    QuestionStub,
    RequestQuestion,
)
from scenedex.questions.service import Questions
from scenedex.search.hits import SearchAddresses
from scenedex.summaries.use import Prices
from scenedex.wire.body_limits import LONG_LIST
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import Injected, WorkspaceName, answers, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

ASK = "/api/v1/workspaces/{workspace_name:str}/ask"

AskId = Annotated[str, PathParameter(description="Id of the question.", schema_extra={"examples": [ASK_ID]})]


@post(
    ASK,
    opt={READS_ONLY: True, RATE: "search"} | LONG_LIST | NO_EVENT,
    tags=["ask"],
    operation_id="requestAnswer",
    summary="Ask a question about the scenes of a workspace",
    responses=answers(QUESTION_STUB, WorkspaceNotFound, ProjectNotFound, AssetNotFound),
)
async def request_answer(
    questions: Injected[Questions],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    data: Annotated[RequestQuestion, json_body(REQUEST_QUESTION)],
) -> Envelope[QuestionStub]:
    """Ask a question. The id in the answer gives access to sentences that cite their scenes, or to their absence."""
    ask_id = await questions.request(caller, workspace_name, parse_request(data, times))
    return Envelope(result=QuestionStub(ask_id=ask_id, status="RUNNING"))


@get(
    ASK + "/{ask_id:str}",
    tags=["ask"],
    operation_id="getAnswer",
    summary="Get the answer to a question",
    responses=answers(QUESTION, WorkspaceNotFound, QuestionNotFound),
)
async def get_answer(
    questions: Injected[Questions],
    links: Injected[Links],
    prices: Injected[Prices],
    caller: Injected[Caller],
    base_url: Injected[str],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
    ask_id: AskId,
) -> Envelope[QuestionObject]:
    """Return the state of a question and, once it has been answered, the answer with its citations."""
    asked = await questions.get(caller, workspace_name, ask_id)
    addresses = SearchAddresses(links, base_url, server_url, workspace_name)
    return Envelope(result=question_object(asked, addresses, prices))


routes = [request_answer, get_answer]
