"""Forms of requests after refusals, and the kinds of refusals."""

from __future__ import annotations

from contextlib import suppress

import pytest

from scenedex.engines.summaries.vision import faults
from scenedex.engines.summaries.vision.faults import message_of, refusal, shown
from scenedex.engines.summaries.vision.forms import RequestForm, next_form

FORM = RequestForm(pictures=4, longest_side=768, text_tokens=4000)


def forms_after(refusal: faults.FormRefused) -> list[RequestForm]:
    """Forms of the same request after the same refusal again and again, until there is none left."""
    forms = [FORM]
    with suppress(faults.FormRefused):
        while True:
            forms.append(next_form(forms[-1], refusal, 500))
    return forms[1:]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (faults.ContextExceeded, "the request exceeds the available context size, try increasing it"),
        (
            faults.ContextExceeded,
            "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        ),
        (faults.ContextExceeded, "Please reduce the length of the messages or completion."),
        (
            faults.ContextExceeded,
            "The decoder prompt is longer than allowed. Make sure that `max_model_len` is no smaller than its tokens.",
        ),
        (faults.TooManyPictures, "At most 1 image(s) may be provided in one prompt."),
        (faults.TooManyPictures, "Too many images in request: 8"),
        (faults.PictureRefused, "Failed to load image: the picture has 2048 tokens"),
        (faults.PictureRefused, "invalid base64 of image"),
        (faults.SchemaRefused, "response_format type json_schema is not supported"),
        (faults.SchemaRefused, "failed to parse grammar"),
        (
            faults.TokenFieldRefused,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
        ),
        (faults.TemperatureRefused, "'temperature' does not support 0 with this model."),
        (faults.CallFailed, "image input is not supported - hint: you may need to provide the mmproj"),
        (faults.CallFailed, "This model does not support image input"),
        (faults.CallFailed, "m is not a multimodal model"),
        (faults.CallFailed, "model 'x' not found"),
        (faults.CallFailed, ""),
    ],
)
def test_a_refusal_is_known_by_its_message(kind: type[faults.CallFailed], message: str) -> None:
    assert type(refusal("The service refuses.", message)) is kind


def test_schemas_and_parameters_are_given_up_once() -> None:
    without = next_form(FORM, faults.SchemaRefused(), 0)

    assert (without.has_schema, without.is_reminder) == (False, True)
    assert next_form(FORM, faults.TokenFieldRefused(), 0).has_completion_tokens
    assert not next_form(FORM, faults.TemperatureRefused(), 0).has_temperature
    with pytest.raises(faults.SchemaRefused):
        next_form(without, faults.SchemaRefused(), 0)


def test_pictures_become_smaller_and_then_the_refusal_counts() -> None:
    forms = forms_after(faults.PictureRefused())

    assert [form.longest_side for form in forms] == [512, 341, 227, 224]
    assert {form.pictures for form in forms} == {4}


def test_a_small_context_gets_fewer_pictures_then_less_text_then_no_picture() -> None:
    seen = [(form.pictures, form.text_tokens) for form in forms_after(faults.ContextExceeded())]

    assert seen == [(2, 4000), (1, 4000), (1, 250), (1, 125), (1, 62), (1, 60), (0, 60)]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "m", "code": 400}}', "m"),
        (b'{"object": "error", "message": "m", "code": 400}', "m"),
        (b'{"error": "m"}', "m"),
        (b'{"detail": "m"}', "m"),
        (b'{"detail": [{"msg": "m"}]}', "{'msg': 'm'}"),
        (b"<html>", ""),
        (b'{"error": null}', ""),
    ],
)
def test_messages_of_services_are_found(body: bytes, message: str) -> None:
    assert message_of(body) == message


@pytest.mark.parametrize(
    "message",
    [
        "wrong key my-own-key",
        "wrong key sk-proj-abcdefgh12345678",
        "wrong header Bearer abcdef",
        "bad url data:image/jpeg;base64,AAAA",
        "bad data " + "A" * 300,
    ],
)
def test_messages_are_shown_without_keys_and_pictures(message: str) -> None:
    assert shown(message, "my-own-key").endswith("***")


def test_messages_are_shown_in_one_short_line() -> None:
    text = shown("no\nroom\x00 here " * 100, "")

    assert text.startswith("no room here no room")
    assert len(text) <= 241
