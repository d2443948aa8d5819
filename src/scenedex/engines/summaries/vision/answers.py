"""Answers of a model: the text in them, and the sentences in the text. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_THOUGHTS: Final = re.compile(r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_END_OF_THOUGHTS: Final = re.compile(r"^.*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_FENCE: Final = re.compile(r"```[a-zA-Z]*(.*?)```", re.DOTALL)
_MAX_STARTS: Final = 40
_LOOSE_IDS: Final = re.compile(r"[A-Za-z]\d+")


class AnswerUseless(Exception):
    """An answer has no sentences in the form that was asked for. The message is the reason, for users."""


class TokenUse(msgspec.Struct, frozen=True):
    """Tokens of a call as the service counts them, `None` if it does not."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Part(msgspec.Struct, frozen=True):
    text: str = ""


class _Message(msgspec.Struct, frozen=True):
    content: str | list[_Part] | None = None
    refusal: str | None = None
    # The thoughts of a model, by vLLM and llama.cpp, by OpenRouter and by Ollama. Some answers are in them.
    reasoning_content: str | None = None
    reasoning: str | None = None
    thinking: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message = _Message()
    finish_reason: str | None = None


class _Completion(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...] = ()
    model: str | None = None
    usage: TokenUse | None = None


class ModelAnswer(msgspec.Struct, frozen=True):
    """Answer of a model.

    Attributes:
        text: its text without thoughts.
        thoughts: its thoughts, if the service returns them apart.
        finish_reason: reason for its end as the service names it.
        model: model as the service names it.
        use: tokens of the call.
        refusal: reason of the model not to answer.
    """

    text: str
    thoughts: str = ""
    finish_reason: str = ""
    model: str | None = None
    use: TokenUse = TokenUse()
    refusal: str = ""


class ClaimedSentence(msgspec.Struct, frozen=True):
    """A sentence as a model claims it: its text, its basis, and the ids of the evidence."""

    text: str
    basis: str
    evidence: tuple[str, ...]


def read_answer(body: bytes) -> ModelAnswer:
    """Return the answer in the body of a call.

    Raises:
        AnswerUseless: the body is no answer of a chat completion.
    """
    try:
        found = msgspec.json.decode(body, type=_Completion, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        if body.lstrip()[:5] in {b"data:", b"event"}:
            raise AnswerUseless("The service answers with a stream, although none was asked for.") from None
        raise AnswerUseless("The service answers with something else than a chat completion.") from None
    if not found.choices:
        raise AnswerUseless("The service answers without a choice.")
    choice = found.choices[0]
    message = choice.message
    content = message.content if isinstance(message.content, str) else "".join(p.text for p in message.content or ())
    thoughts = message.reasoning_content or message.reasoning or message.thinking or ""
    return ModelAnswer(
        _without_thoughts(content),
        thoughts,
        (choice.finish_reason or "").lower(),
        found.model or None,
        found.usage or TokenUse(),
        message.refusal or "",
    )


def claimed_sentences(answer: ModelAnswer) -> tuple[ClaimedSentence, ...]:
    """Return the sentences of an answer. Those without text or basis have an empty one.

    Raises:
        AnswerUseless: it ends early, is refused, or contains no sentences.
    """
    if answer.refusal or answer.finish_reason == "content_filter":
        raise AnswerUseless("The model refuses to answer.")
    # A model that thinks may write its answer among its thoughts.
    for text in (answer.text, answer.thoughts):
        if (found := _sentences_in(text)) is not None:
            return found
    if answer.finish_reason == "length":
        blank = not answer.text.strip() and answer.thoughts
        reason = "The model thinks longer" if blank else "The answer is longer"
        raise AnswerUseless(f"{reason} than summaries.max_tokens allows.")
    if not answer.text.strip():
        raise AnswerUseless("The answer is empty.")
    raise AnswerUseless("The answer is not in the form that was asked for.")


def _without_thoughts(text: str) -> str:
    """Return a text without the thoughts in it. The start of them may be missing, and their end if the text is cut."""
    without = _THOUGHTS.sub("", text)
    return _END_OF_THOUGHTS.sub("", without)


def _sentences_in(text: str) -> tuple[ClaimedSentence, ...] | None:
    for value in _values_in(text):
        if isinstance(value, dict):
            listed = cast("dict[str, object]", value).get("sentences")
        else:
            # A list of other things, such as the findings that a weak model repeats, is no answer.
            listed = value if _has_sentence(value) else None
        if isinstance(listed, list):
            return tuple(_claimed(one) for one in cast("list[object]", listed))
    return None


def _has_sentence(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(one, dict) and {"text", "basis"} <= cast("dict[str, object]", one).keys()
        for one in cast("list[object]", value)
    )


def _values_in(text: str) -> Iterator[object]:
    """Yield the JSON values in a text: all of it, those in fences, and those among other words."""
    for candidate in (text, *_FENCE.findall(text)):
        value = _decoded(candidate)
        if value is not None:
            yield value
    decoder = json.JSONDecoder()
    starts = [match.start() for match in re.finditer(r"[{\[]", text)]
    for start in starts[:_MAX_STARTS]:
        try:
            value, _end = cast("tuple[object, int]", decoder.raw_decode(text, start))
        except (ValueError, RecursionError):
            continue
        yield value


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _claimed(value: object) -> ClaimedSentence:
    if not isinstance(value, dict):
        return ClaimedSentence(value if isinstance(value, str) else "", "", ())
    found = cast("dict[str, object]", value)
    text, basis, evidence = found.get("text"), found.get("basis"), found.get("evidence")
    ids = cast("list[object]", evidence) if isinstance(evidence, list) else [evidence]
    return ClaimedSentence(
        text if isinstance(text, str) else "",
        basis.strip().lower() if isinstance(basis, str) else "",
        tuple(one.upper() for part in ids if isinstance(part, str) for one in _LOOSE_IDS.findall(part)),
    )
