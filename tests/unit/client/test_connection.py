from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.client import (
    AnalysisOptions,
    Client,
    NotFound,
    RateLimited,
    ServiceError,
    TransportFailed,
    Unavailable,
    UnreadableAnswer,
)
from scenedex.client.clock import Clock
from scenedex.client.connection import Call, Connection
from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from scenedex.client.testing import ManualTime, Recorder

ARCHIVE = {"workspaceName": "archive"}
GATEWAY_503 = b'{"error":{"errorCode":"500","message":"Endpoint Error"}}'
SERVICE_503 = b'{"code":"50301","message":"Busy."}'


@pytest.mark.parametrize(
    "fault",
    [
        httpx2.Response(429),
        httpx2.Response(500, content=b'{"code":"50001","message":"Oops."}'),
        httpx2.Response(503, content=GATEWAY_503),
        httpx2.Response(504),
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("cut"),
    ],
    ids=repr,
)
def test_repeats_reading_after_a_passing_fault(
    client: Client, service: Recorder, fault: httpx2.Response | Exception
) -> None:
    service.add_result(ARCHIVE)
    client.workspaces.get("archive")
    service.answers.append(fault)
    service.add_result(ARCHIVE)

    assert client.workspaces.get("archive").workspace_name == "archive"
    assert len(service.received) == 3


@pytest.mark.parametrize(
    "fault",
    [httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow"), httpx2.RemoteProtocolError("cut")],
    ids=repr,
)
def test_an_address_at_which_nothing_has_answered_is_an_error_at_once(
    client: Client, service: Recorder, manual_time: ManualTime, fault: Exception
) -> None:
    service.answers.append(fault)

    with pytest.raises(TransportFailed, match=r"https://mi\.test"):
        client.workspaces.get("archive")
    assert (len(service.received), manual_time.sleeps) == (1, [])


@pytest.mark.parametrize(
    "fault",
    [
        httpx2.Response(429),
        httpx2.Response(503, content=GATEWAY_503),
        httpx2.ConnectError("refused"),
        httpx2.ConnectTimeout("slow"),
        httpx2.PoolTimeout("busy"),
    ],
    ids=repr,
)
def test_repeats_creating_when_nothing_was_carried_out(
    client: Client, service: Recorder, fault: httpx2.Response | Exception
) -> None:
    service.add_result(ARCHIVE)
    client.workspaces.get("archive")
    service.answers.append(fault)
    service.add_result({"projectId": 1, "name": "rushes"})

    assert client.projects("archive").create("rushes").name == "rushes"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx2.Response(500, content=b'{"code":"50001","message":"Oops."}'), ServiceError),
        (httpx2.Response(503, content=SERVICE_503), ServiceError),
        (httpx2.Response(504), Unavailable),
        (httpx2.ReadTimeout("slow"), TransportFailed),
        (httpx2.RemoteProtocolError("cut"), TransportFailed),
    ],
    ids=repr,
)
@pytest.mark.parametrize("verb", ["create", "register", "move", "request", "cancel"])
def test_does_not_repeat_what_may_have_been_carried_out(
    client: Client, service: Recorder, fault: httpx2.Response | Exception, kind: type[Exception], verb: str
) -> None:
    service.answers.append(fault)
    assets, index = client.assets("archive", 1001), client.index("archive", 1001, 1)
    calls = {
        "create": lambda: client.projects("archive").create("rushes"),
        "register": lambda: assets.register("footage", "interview.mp4"),
        "move": lambda: assets.move(1, 2),
        "request": lambda: index.request(AnalysisOptions(analysis_person_count=0)),
        "cancel": index.cancel,
    }

    with pytest.raises(kind):
        calls[verb]()
    assert len(service.received) == 1


def test_does_not_repeat_a_refusal(client: Client, service: Recorder) -> None:
    service.answers.append(httpx2.Response(404, content=b'{"code":"40401","message":"No."}'))

    with pytest.raises(NotFound):
        client.workspaces.get("nowhere")
    assert len(service.received) == 1


def test_pauses_grow_and_are_bounded(service: Recorder, manual_time: ManualTime) -> None:
    service.answers.extend(httpx2.ReadTimeout("slow") for _ in range(7))
    with (
        Client(
            "https://mi.test", "AK_TEST", "SK_TEST", transport=service, clock=manual_time.clock(), max_retries=6
        ) as it,
        pytest.raises(TransportFailed),
    ):
        it.workspaces.get("archive")

    assert manual_time.sleeps == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0]
    assert len(service.received) == 7


def test_jitter_stretches_a_pause(service: Recorder, manual_time: ManualTime) -> None:
    service.answers.append(httpx2.Response(500))
    service.add_result(ARCHIVE)
    clock = manual_time.clock(jitter=0.5)
    with Client("https://mi.test", "AK_TEST", "SK_TEST", transport=service, clock=clock) as it:
        it.workspaces.get("archive")

    assert manual_time.sleeps == [0.375]


def test_keeps_the_pause_that_the_service_asks_for(client: Client, service: Recorder, manual_time: ManualTime) -> None:
    service.answers.append(httpx2.Response(429, headers={"Retry-After": "17"}))
    service.add_result(ARCHIVE)

    client.workspaces.get("archive")

    assert manual_time.sleeps == [17.0]


def test_does_not_wait_for_longer_than_a_minute(client: Client, service: Recorder, manual_time: ManualTime) -> None:
    service.answers.append(httpx2.Response(429, headers={"Retry-After": "61"}))

    with pytest.raises(RateLimited) as caught:
        client.workspaces.get("archive")
    assert caught.value.retry_after_s == 61.0
    assert manual_time.sleeps == []


def test_signs_each_repetition_afresh(client: Client, service: Recorder, manual_time: ManualTime) -> None:
    service.answers.extend(httpx2.Response(429, headers={"Retry-After": "59"}) for _ in range(3))
    service.add_result(ARCHIVE)
    start_ms = int(manual_time.seconds * 1000)

    client.workspaces.get("archive")

    times = [int(received.headers["x-ncp-apigw-timestamp"]) for received in service.received]
    assert times == [start_ms + 59_000 * number for number in range(4)]
    assert len({received.headers["x-ncp-apigw-signature-v2"] for received in service.received}) == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<html>", b'{"code":"0","message":"success"}', b'{"code":"0","result":{"workspaceName":3}}', b"\xff"],
    ids=repr,
)
def test_says_when_an_answer_is_not_that_of_the_service(client: Client, service: Recorder, body: bytes) -> None:
    service.answers.append(httpx2.Response(200, content=body, headers={"x-ncp-trace-id": "t-1"}))

    with pytest.raises(UnreadableAnswer, match=r"trace t-1"):
        client.workspaces.get("archive")


@pytest.mark.parametrize("code", [b'"0"', b"0"])
def test_takes_codes_as_texts_and_numbers(client: Client, service: Recorder, code: bytes) -> None:
    service.answers.append(httpx2.Response(200, content=b'{"code":%s,"result":{"workspaceName":"a"}}' % code))

    assert client.workspaces.get("archive").workspace_name == "a"


def test_a_code_other_than_zero_is_an_error_whatever_the_status(client: Client, service: Recorder) -> None:
    service.answers.append(httpx2.Response(200, content=b'{"code":"10014","message":"Select the asset."}'))

    with pytest.raises(ServiceError, match=r"Select the asset\. \[200 10014\]"):
        client.workspaces.get("archive")


@pytest.mark.parametrize(
    "endpoint",
    ["", "mi.test", "ftp://mi.test", "https://", "https://mi.test?a=b", "https://user:word@mi.test", "http://a:b"],
    ids=repr,
)
def test_refuses_an_endpoint_that_is_no_address(endpoint: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        Client(endpoint, "AK_TEST", "SK_TEST")


def test_keeps_the_prefix_of_an_endpoint(service: Recorder, manual_time: ManualTime) -> None:
    service.answers.append(httpx2.Response(200, content=b'{"code":"0","result":{"workspaceName":"a"}}'))
    with Client("https://mi.test/mi/", "AK_TEST", "SK_TEST", transport=service, clock=manual_time.clock()) as it:
        it.workspaces.get("a")

    assert service.received[0].target == "/mi/api/v1/workspaces/a"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx2.Response(404, html="<h1>Not Found</h1>"), "answers 404 with text/html, as another service"),
        (httpx2.Response(405), "answers 405 with no content type, as another service"),
        (httpx2.Response(301, headers={"location": "https://mi.test/"}), "leads to https://mi.test/"),
        (httpx2.Response(200, html="<h1>It works</h1>"), "Check the address https://mi.test"),
    ],
    ids=repr,
)
def test_another_service_is_recognised(client: Client, service: Recorder, answer: httpx2.Response, said: str) -> None:
    service.answers.append(answer)

    with pytest.raises(UnreadableAnswer) as caught:
        client.workspaces.get("archive")
    assert said in str(caught.value)
    assert len(service.received) == 1


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (ConnectionRefusedError(), "nothing listens at https://mi.test"),
        (socket.gaierror(-2, "Name or service not known"), "the host of https://mi.test is not known"),
        (ssl.SSLError(1, "wrong version number"), "may need http:// in place of https://"),
    ],
    ids=repr,
)
def test_a_failed_connect_says_what_to_check(client: Client, service: Recorder, cause: Exception, said: str) -> None:
    failed = httpx2.ConnectError(str(cause))
    failed.__cause__ = cause
    service.answers.append(failed)

    with pytest.raises(TransportFailed) as caught:
        client.workspaces.get("archive")
    assert said in str(caught.value)


def test_a_request_without_an_answer_is_noticed_once() -> None:
    noticed = threading.Semaphore(0)
    calls = iter([noticed.acquire, lambda: None])

    def answer(_request: httpx2.Request) -> httpx2.Response:
        next(calls)()
        return httpx2.Response(200, content=b'{"code":"0","message":"","result":null}')

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        credentials = Credentials("AK_TEST", "SK_TEST")
        connection = Connection(http, "https://mi.test", credentials, 0, Clock(), noticed.release, slow_s=0.02)
        connection.run(Call("GET", "/a"))
        assert connection.slow.is_set()
        connection.run(Call("GET", "/b"))

    assert not noticed.acquire(blocking=False)
