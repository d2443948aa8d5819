"""Faults of a service, by their remedy."""

from __future__ import annotations

import json
import re
from typing import Final, cast

_MAX_SHOWN: Final = 240
_TOO_MANY_PICTURES: Final = re.compile(
    r"at most \d+ (?:image|picture)|too many (?:image|picture)|(?:number|count) of images|limit.mm.per.prompt",
    re.IGNORECASE,
)
_NO_PICTURES: Final = re.compile(
    r"mmproj|(?:image|vision|multi-?modal)\w* (?:inputs? )?(?:is|are) not (?:supported|available|enabled)"
    r"|(?:not|n't) (?:support|accept|a |have )\s*(?:image|vision|multi-?modal)|no (?:vision|image) (?:support|encoder)",
    re.IGNORECASE,
)
_CONTEXT: Final = re.compile(
    r"context.{0,3}length|context (?:size|window|limit)|exceed_context|max_model_len|maximum (?:input|prompt) length"
    r"|(?:prompt|input|request) is too long|too many (?:input )?tokens|num_ctx|reduce the length",
    re.IGNORECASE,
)
_SCHEMA: Final = re.compile(r"response_format|json_schema|json schema|guided|grammar|structured output", re.IGNORECASE)
_TOKEN_FIELD: Final = re.compile(
    r"max_completion_tokens|(?:unsupported|unknown|unrecognized).{0,40}max_tokens", re.IGNORECASE
)
_TEMPERATURE: Final = re.compile(r"temperature", re.IGNORECASE)
_PICTURE: Final = re.compile(r"image|picture|pixel|multi-?modal|base64", re.IGNORECASE)
_KEYS: Final = re.compile(
    r"\b(?:sk|pk|hf|gsk|key|nvapi)[-_][\w*.-]{6,}|Bearer\s+\S+|data:image\S*|[\w+/=-]{60,}", re.IGNORECASE
)


class CallFailed(Exception):
    """A call of a service failed, for the reason in the message, which contains no secret.

    Attributes:
        may_pass: whether the same call may succeed later.
    """

    def __init__(self, reason: str = "", *, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass


class FormRefused(CallFailed):
    """The service refuses the request. Another form of it may succeed."""


class ContextExceeded(FormRefused):
    """The request does not fit into the context of the model."""


class TooManyPictures(FormRefused):
    """The service takes fewer pictures in a request."""


class PictureRefused(FormRefused):
    """The service does not accept a picture."""


class SchemaRefused(FormRefused):
    """The service does not know schemas of answers."""


class TokenFieldRefused(FormRefused):
    """The service wants the maximum length of the answer in another field."""


class TemperatureRefused(FormRefused):
    """The service takes no temperature."""


def refusal(reason: str, message: str) -> CallFailed:
    """Return the fault that a status of 4xx or 5xx stands for, by the message of the service."""
    if _TOO_MANY_PICTURES.search(message):
        return TooManyPictures(reason)
    if _NO_PICTURES.search(message):
        return CallFailed(
            f"{reason} The model takes no pictures: choose one that does (llama.cpp also needs --mmproj), or set "
            "summaries.pictures to 0."
        )
    kinds: tuple[tuple[re.Pattern[str], type[FormRefused]], ...] = (
        (_CONTEXT, ContextExceeded),
        (_SCHEMA, SchemaRefused),
        (_TOKEN_FIELD, TokenFieldRefused),
        (_TEMPERATURE, TemperatureRefused),
        (_PICTURE, PictureRefused),
    )
    return next((kind for pattern, kind in kinds if pattern.search(message)), CallFailed)(reason)


def message_of(body: bytes) -> str:
    """Return the message of an answer with an error, or an empty text if it has none."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and (inner := cast("dict[str, object]", found).get(name)):
            found = inner
    if isinstance(found, list):
        found = " ".join(str(one) for one in cast("list[object]", found))
    return found if isinstance(found, str) else ""


def shown(message: str, key: str) -> str:
    """Return the message of a service for users: short, in one line, without keys and pictures."""
    text = message.replace(key, "***") if key else message
    text = _KEYS.sub("***", "".join(sign if sign.isprintable() else " " for sign in text))
    text = " ".join(text.split())
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
