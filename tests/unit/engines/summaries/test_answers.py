"""Sentences in the answers of models, in every form that services return."""

from __future__ import annotations

import json
from typing import Any

import pytest

from model_service import GOOD, Reply, answer_of, sentence
from scenedex.engines.summaries.vision.answers import AnswerUseless, ClaimedSentence, claimed_sentences, read_answer

RABBIT = (ClaimedSentence("A rabbit stands in a meadow.", "seen", ("I1",)),)
THOUGHTS = 'The user wants JSON such as {"sentences": [...]}. I see [a rabbit] {in} a meadow.'


def sentences(**reply: Any) -> tuple[ClaimedSentence, ...]:
    return claimed_sentences(read_answer(Reply(**reply).encoded()))


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        f"\n\n  {GOOD}\n",
        f"```json\n{GOOD}\n```",
        f"Here is the summary:\n\n```\n{GOOD}\n```\nAnything else?",
        f"Sure! {GOOD} I hope that this helps.",
        f"<think>{THOUGHTS}</think>\n\n{GOOD}",
        f"<thinking>\n{THOUGHTS}\n</thinking>{GOOD}",
        f"{THOUGHTS}\n</think>\n{GOOD}",
        [{"type": "text", "text": GOOD}],
        json.dumps([sentence("A rabbit stands in a meadow.")]),
        json.dumps({"sentences": [{"text": "A rabbit stands in a meadow.", "basis": "Seen ", "evidence": "[i1]"}]}),
        json.dumps({"sentences": [{"text": "A rabbit stands in a meadow.", "basis": "seen", "evidence": ["id: I1"]}]}),
    ],
)
def test_sentences_are_found(content: object) -> None:
    assert sentences(content=content) == RABBIT


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "thinking"])
@pytest.mark.parametrize("content", [None, "", "\n"])
def test_an_answer_among_the_thoughts_is_found(name: str, content: str | None) -> None:
    assert sentences(content=content, message={name: f"{THOUGHTS}\n{GOOD}"}) == RABBIT


def test_thoughts_apart_from_the_answer_are_not_read() -> None:
    draft = answer_of(sentence("A dog runs."))

    assert sentences(message={"reasoning_content": draft}) == RABBIT


def test_a_scene_without_sentences_is_an_answer() -> None:
    assert sentences(content='{"sentences": []}') == ()


@pytest.mark.parametrize(
    "value", [{"basis": "seen"}, {"text": 7, "basis": "seen", "evidence": ["I1"]}, "A rabbit.", None, ["A rabbit."]]
)
def test_a_sentence_in_another_form_has_no_basis_or_no_text(value: object) -> None:
    (found,) = sentences(content=json.dumps({"sentences": [value]}))

    assert not found.text or not found.basis


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"content": "I see a rabbit."}, "not in the form"),
        ({"content": '{"summary": "A rabbit."}'}, "not in the form"),
        ({"content": '{"sentences": "A rabbit."}'}, "not in the form"),
        ({"content": "[" * 100_000}, "not in the form"),
        ({"content": "```json\n" + " " * 1_000_000, "finish_reason": "length"}, "max_tokens"),
        ({"content": '{"scene": 3, "lines": [{"id": "L1", "text": "Hello."}]}'}, "not in the form"),
        ({"content": '{"scene": 3, "lines": [{"id": "L1", "text": "Hel', "finish_reason": "length"}, "max_tokens"),
        ({"content": ""}, "is empty"),
        ({"content": None}, "is empty"),
        ({"content": '{"sentences":' + " \n" * 3000, "finish_reason": "length"}, "longer than summaries.max_tokens"),
        ({"content": GOOD[:-20], "finish_reason": "length"}, "longer than summaries.max_tokens"),
        ({"content": "<think>" + THOUGHTS * 9, "finish_reason": "length"}, "max_tokens"),
        (
            {"content": None, "message": {"reasoning_content": "Let me look"}, "finish_reason": "length"},
            "thinks longer than summaries.max_tokens",
        ),
        ({"content": None, "message": {"refusal": "I can't help with that."}}, "refuses"),
        ({"content": "", "finish_reason": "content_filter"}, "refuses"),
        ({"body": b'{"choices": []}'}, "without a choice"),
        ({"body": b"<html>Welcome</html>"}, "something else"),
        ({"body": b"\xff\xfe"}, "something else"),
        ({"body": b'{"choices": "none"}'}, "something else"),
        ({"body": b'{"choices": [{"message": {"content": 5}}]}'}, "something else"),
        ({"body": b'data: {"choices": []}\n\n'}, "stream"),
    ],
)
def test_an_answer_without_sentences_has_a_reason(reply: dict[str, Any], reason: str) -> None:
    with pytest.raises(AnswerUseless, match=reason):
        sentences(**reply)


def test_model_and_tokens_are_those_that_the_service_reports() -> None:
    found = read_answer(Reply().encoded())

    assert found.model == "small-vision-2b@sha256:1234"
    assert (found.use.prompt_tokens, found.use.completion_tokens) == (1500, 40)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None}])
def test_tokens_may_be_missing(usage: dict[str, object] | None) -> None:
    assert read_answer(Reply(usage=usage).encoded()).use.prompt_tokens is None
