"""Forms of a request, and the next one after a refusal. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from scenedex.engines.summaries.vision import faults

LASTING: Final = (faults.SchemaRefused, faults.TokenFieldRefused, faults.TemperatureRefused, faults.TooManyPictures)
"""Refusals that depend on the service and not on the scene."""

MIN_TEXT_TOKENS: Final = 60
_MIN_SIDE: Final = 224


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """Form of a request.

    Attributes:
        pictures: maximum number of pictures.
        longest_side: maximum of their longer side, in pixels.
        text_tokens: maximum number of tokens of lines and texts.
        has_schema: whether the service is asked to enforce the schema of the answer.
        is_reminder: whether the rules of the answer are repeated at the end.
        has_completion_tokens: whether the maximum length of the answer is in the field of later models of OpenAI.
        has_temperature: whether the temperature is sent.
    """

    pictures: int
    longest_side: int
    text_tokens: int
    has_schema: bool = True
    is_reminder: bool = False
    has_completion_tokens: bool = False
    has_temperature: bool = True

    @property
    def without_schema(self) -> RequestForm:
        """The form in which the instructions alone describe the answer."""
        return replace(self, has_schema=False, is_reminder=True)


def next_form(form: RequestForm, refusal: faults.FormRefused, text_tokens: int) -> RequestForm:
    """Return the form that the service may accept instead.

    Args:
        form: form of the refused request.
        refusal: the refusal.
        text_tokens: tokens of all lines and texts of the scene.

    Raises:
        FormRefused: there is none.
    """
    changed = _changed(form, refusal, text_tokens)
    if changed is None:
        raise refusal
    return changed


def _changed(form: RequestForm, refusal: faults.FormRefused, text_tokens: int) -> RequestForm | None:
    side, tokens = form.longest_side, min(form.text_tokens, text_tokens)
    changed: RequestForm | None = None
    match refusal:
        case faults.SchemaRefused() if form.has_schema:
            changed = form.without_schema
        case faults.TokenFieldRefused() if not form.has_completion_tokens:
            changed = replace(form, has_completion_tokens=True)
        case faults.TemperatureRefused() if form.has_temperature:
            changed = replace(form, has_temperature=False)
        case faults.TooManyPictures() if form.pictures > 1:
            changed = replace(form, pictures=form.pictures // 2)
        case faults.PictureRefused() if form.pictures and side > _MIN_SIDE:
            changed = replace(form, longest_side=max(_MIN_SIDE, side * 2 // 3))
        case faults.ContextExceeded() if form.pictures > 1:
            changed = replace(form, pictures=form.pictures // 2)
        case faults.ContextExceeded() if tokens > MIN_TEXT_TOKENS:
            changed = replace(form, text_tokens=max(MIN_TEXT_TOKENS, tokens // 2))
        case faults.ContextExceeded() if form.pictures:
            changed = replace(form, pictures=0)
        case _:
            pass
    return changed
