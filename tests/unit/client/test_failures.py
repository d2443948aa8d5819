from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import scenedex.client.errors
from scenedex.client import (
    AuthenticationFailed,
    Conflict,
    Detail,
    GatewayError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    ScenedexError,
    ServiceError,
    TooLarge,
    Unavailable,
    UnknownRoute,
)
from scenedex.client.failures import failure, retry_after_s


def service_body(code: str | int, details: object) -> bytes:
    said = {"code": code, "message": "No."}
    return json.dumps({**said, "responseError": {**said, "details": details}}).encode()


def gateway_body(code: str | int, details: object = "Why.") -> bytes:
    return json.dumps({"error": {"errorCode": code, "message": "No.", "details": details}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, service_body("10001", []), InvalidRequest),
        (404, service_body("40403", []), NotFound),
        (409, service_body("40901", []), Conflict),
        (429, service_body("42901", []), RateLimited),
        (500, service_body("50001", []), ServiceError),
        (400, gateway_body("100"), GatewayError),
        (401, gateway_body("200"), AuthenticationFailed),
        (401, gateway_body("210"), PermissionDenied),
        (401, gateway_body(210), PermissionDenied),
        (404, gateway_body("300"), UnknownRoute),
        (413, gateway_body("430"), TooLarge),
        (429, gateway_body("410"), RateLimited),
        (503, gateway_body("500"), Unavailable),
        (504, gateway_body("510"), Unavailable),
        (500, gateway_body("900"), Unavailable),
        (502, b"<html>Bad Gateway</html>", Unavailable),
        (404, b"", UnknownRoute),
        (403, b"\xff", PermissionDenied),
        (302, b"", GatewayError),
    ],
)
def test_names_the_fact(status: int, body: bytes, kind: type[ServiceError]) -> None:
    error = failure(status, body, "trace-1", None)

    assert type(error) is kind
    assert (error.status, error.trace_id) == (status, "trace-1")


def test_says_message_field_and_trace_in_one_line() -> None:
    body = service_body("10001", [{"field": "pageNum", "reason": "must be 1 or more"}, {"reason": "again"}])

    error = failure(400, body, "trace-1", None)

    assert str(error) == "No. (pageNum: must be 1 or more; again) [400 10001] (trace trace-1)"
    assert error.details == (Detail("pageNum", "must be 1 or more"), Detail(None, "again"))


def test_says_the_details_of_a_gateway() -> None:
    error = failure(401, gateway_body("200"), None, None)

    assert str(error) == "No. (Why.) [401 200]"


def test_says_its_docstring_when_the_answer_says_nothing() -> None:
    assert str(failure(502, b"", None, None)) == "The service is not available. [502]"


@pytest.mark.parametrize("details", [None, 3, {"a": 1}, ["a"], [{"field": 3}], ""], ids=repr)
def test_leaves_out_details_in_an_unknown_form(details: object) -> None:
    assert failure(400, service_body("10001", details), None, None).details == ()


@given(st.integers(min_value=300, max_value=599), st.binary())
@example(400, b'{"code":"\xff"}')
@example(400, b'{"error":{"details":' + b"[" * 100_000)
def test_every_answer_is_some_error(status: int, body: bytes) -> None:
    assert failure(status, body, None, None).status == status


def test_every_error_has_its_docstring_as_default_message() -> None:
    kinds = [kind for kind in vars(scenedex.client.errors).values() if isinstance(kind, type)]
    errors = [kind for kind in kinds if issubclass(kind, ScenedexError)]

    assert len(errors) > 15
    for kind in errors:
        assert kind.__doc__ is not None
        assert kind.__doc__.startswith(kind.default)
        assert kind.default.endswith(".")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 12 ", 12.0),
        ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
        ("Tue, 14 Nov 2023 22:13:10 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("Tue, 14 Nov 2023 22:13:30 +99999999999999999999", None),
    ],
)
def test_reads_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, 1_700_000_000.0) == seconds
