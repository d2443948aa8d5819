from __future__ import annotations

import pytest

import scenedex.analysis.errors
import scenedex.assets.errors
import scenedex.console.errors
import scenedex.imports.errors
import scenedex.index.errors
import scenedex.job_control.errors
import scenedex.persons.errors
import scenedex.pictures.errors
import scenedex.playback.errors
import scenedex.projects.errors
import scenedex.questions.errors
import scenedex.search.errors
import scenedex.summaries.errors
import scenedex.watches.errors
import scenedex.webhooks.errors
import scenedex.workspaces.errors
from scenedex.wire.answers import gateway_answer, service_answer
from scenedex.wire.errors import FieldProblem, GatewayError, GatewayFault, InvalidRequest, ServiceError, error_table

SLICES = (
    scenedex.analysis.errors,
    scenedex.assets.errors,
    scenedex.console.errors,
    scenedex.imports.errors,
    scenedex.index.errors,
    scenedex.job_control.errors,
    scenedex.persons.errors,
    scenedex.pictures.errors,
    scenedex.playback.errors,
    scenedex.projects.errors,
    scenedex.questions.errors,
    scenedex.search.errors,
    scenedex.summaries.errors,
    scenedex.watches.errors,
    scenedex.webhooks.errors,
    scenedex.workspaces.errors,
)
# The contract's codes and words.
VENDOR = {
    "10001": "Invalid Request.",
    "10014": "Select the asset you want to analyze.",
    "10016": "Select the bucket to integrate (folder selection not available).",
}
OURS = {"40401": 404, "40901": 409, "40002": 400}


def test_the_table_has_every_error_of_every_slice() -> None:
    defined = {
        value
        for module in SLICES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, ServiceError) and value is not ServiceError
    }

    assert set(error_table()) == defined | {InvalidRequest}


@pytest.mark.parametrize("code", VENDOR)
def test_codes_of_the_vendor_have_its_messages(code: str) -> None:
    [error] = [error for error in error_table() if error.code == code]

    assert (error.message(), error.status()) == (VENDOR[code], 400)


@pytest.mark.parametrize("code", OURS)
def test_all_other_codes_begin_with_the_status(code: str) -> None:
    [error] = [error for error in error_table() if error.code == code]

    assert error.status() == OURS[code]


def test_a_message_is_one_line_that_ends_in_a_full_stop() -> None:
    messages = [error.message() for error in error_table()]

    assert [text for text in messages if "\n" in text or not text.endswith(".")] == [
        "Cannot cancel analysis in the current state"  # the vendor's words
    ]


def test_a_service_error_is_in_the_answer_twice() -> None:
    answer = service_answer(InvalidRequest(FieldProblem("pageNum", "is required")))

    body = answer.content
    assert (answer.status_code, body.code, body.message) == (400, "10001", "Invalid Request.")
    assert (body.response_error.code, body.response_error.message) == (body.code, body.message)
    assert [(detail.field, detail.reason) for detail in body.response_error.details] == [("pageNum", "is required")]


def test_a_gateway_error_has_a_time_to_retry() -> None:
    answer = gateway_answer(GatewayError(GatewayFault.RATE_LIMITED, "At most 50.", retry_after_seconds=7))

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_a_gateway_error_without_a_time_has_no_such_header() -> None:
    assert "retry-after" not in gateway_answer(GatewayError(GatewayFault.NOT_FOUND, "None.")).headers
