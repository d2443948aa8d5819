"""``scenedex ask``: answers with numbered citations, and what was looked at where there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scenedex.cli.user.exit_codes import ExitCode

if TYPE_CHECKING:
    from command_line import CommandLine
    from scenedex.client.testing import Recorder

IN_PROJECT = ["--project", "7"]
CITATION = {
    "number": 1,
    "kind": "heard",
    "text": "The ferry leaves at seven.",
    "assetId": 5,
    "projectId": 7,
    "fileName": "harbour.mp4",
    "assetType": "VIDEO",
    "indexId": 3,
    "sceneId": 2,
    "momentStartMs": 31_000,
    "momentEndMs": 33_000,
    "momentUrl": "http://mi.test/console/w/archive/assets/5?t=31",
    "confidence": 0.9,
    "speaker": "Anna",
}
ANSWER: dict[str, Any] = {
    "askId": "q",
    "status": "COMPLETED",
    "question": "When does the ferry leave?",
    "locale": "en-US",
    "enough": True,
    "answer": "It leaves at seven.",
    "sentences": [{"text": "It leaves at seven.", "citations": [1]}],
    "citations": [CITATION],
    "engine": "quoted 1",
    "lookedAt": {"assetCount": 3, "analysedAssetCount": 2, "sceneCount": 4, "passageCount": 9},
    "notAnalysed": [{"part": "speech", "assetCount": 1}],
}
LACK: dict[str, Any] = {
    **ANSWER,
    "enough": False,
    "reason": "NOT_ANSWERED",
    "answer": None,
    "sentences": [],
    "citations": [],
}


def add(service: Recorder, answer: dict[str, Any]) -> None:
    service.add_result({"askId": "q", "status": "RUNNING"})
    service.add_result(answer)


@pytest.mark.parametrize(
    "question",
    [
        ["When does the ferry leave?"],
        ["When", "does", "the", "ferry", "leave?"],
        ["answer", "When does the ferry leave?"],
    ],
    ids=repr,
)
def test_the_question_is_sent_as_it_is(scenedex: CommandLine, service: Recorder, question: list[str]) -> None:
    add(service, ANSWER)

    scenedex("ask", *question, *IN_PROJECT, "--locale", "ko-KR")

    sent = next(it for it in service.received if it.target.endswith("/ask"))
    body = {"question": "When does the ferry leave?", "filter": {"projectIds": [7]}, "locale": "ko-KR"}
    assert json.loads(sent.body) == body


def test_an_answer_has_its_citations_below(scenedex: CommandLine, service: Recorder) -> None:
    add(service, ANSWER)

    shown = scenedex("ask", "When does the ferry leave?", *IN_PROJECT).out

    assert "It leaves at seven. [1]" in shown
    assert "[1] 0:00:31.000 5 harbour.mp4 said Anna: The ferry leaves at seven." in shown
    assert "Answered by quoted 1." in shown


def test_without_an_answer_it_says_what_was_looked_at_and_what_was_not(
    scenedex: CommandLine, service: Recorder
) -> None:
    add(service, LACK)

    shown = scenedex("ask", "When does the ferry leave?", *IN_PROJECT).out

    assert "Not enough evidence for an answer. Scenes are about it, but none answers it." in shown
    assert "9 passages of 4 scenes" in shown
    assert "Not looked at: 1 assets without an index, speech in 1 assets." in shown


def test_json_is_the_whole_answer(scenedex: CommandLine, service: Recorder) -> None:
    add(service, ANSWER)

    [printed] = scenedex("ask", "When?", *IN_PROJECT, "--json").lines()

    assert printed["enough"]
    assert printed["citations"][0]["momentUrl"].endswith("t=31")


def test_a_failure_says_why(scenedex: CommandLine, service: Recorder) -> None:
    add(service, {**ANSWER, "status": "FAILED", "statusMessage": "The service is closed.", "enough": None})

    error = scenedex("ask", "When?", *IN_PROJECT).error(ExitCode.FAILED)

    assert "The question was not answered" in error
    assert "The service is closed" in error
