"""The engine of a vision language model at a service that fails, stalls or gives useless answers."""

from __future__ import annotations

import asyncio
import time

import pytest

from model_service import GOOD, ModelServer, Reply, answer_of, model_server, sentence, texts_of
from scene_evidence import scene
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.summaries import SummaryUnavailable
from vision_desk import RABBIT, Desk

USELESS = {
    "endless spaces": Reply('{"sentences":' + " \n" * 500, finish_reason="length"),
    "cut": Reply(GOOD[:-10], finish_reason="length"),
    "prose": Reply("I see a rabbit."),
    "refusal": Reply("", message={"refusal": "No."}),
    "empty": Reply(""),
    "page": Reply(body=b"<html></html>"),
}
USELESS_SENTENCES = {
    "language": Reply(answer_of(sentence("한 토끼가 풀밭에 서 있다."))),
    "spaces": Reply(answer_of(sentence("A r a b b i t i n a f i e l d"))),
}


@pytest.mark.parametrize("name", [*USELESS, *USELESS_SENTENCES])
def test_a_useless_answer_is_asked_for_once_more_without_the_schema(desk: Desk, server: ModelServer, name: str) -> None:
    server.replies = [{**USELESS, **USELESS_SENTENCES}[name], Reply(f"```json\n{GOOD}\n```")]

    found = desk.summary()

    assert [one.text for one in found.sentences] == [RABBIT]
    assert found.usage.output_tokens >= 40
    first, second = server.requests
    assert "response_format" in first
    assert "response_format" not in second
    assert "Return the JSON object alone" in texts_of(second)


@pytest.mark.parametrize("name", USELESS)
def test_the_second_useless_answer_is_a_failure_with_its_use(desk: Desk, server: ModelServer, name: str) -> None:
    server.replies = [USELESS[name]] * 2

    with pytest.raises(SummaryUnavailable, match=r"^Scene 3: The (answer|model|service)") as caught:
        desk.summary()

    assert len(server.requests) == 2
    assert caught.value.usage.pictures == 8
    assert not caught.value.may_pass


def test_an_answer_in_another_language_is_dropped_after_the_second_try(desk: Desk, server: ModelServer) -> None:
    server.reply = lambda _request: Reply(answer_of(sentence("한 토끼가 풀밭에 서 있다.")))

    found = desk.summary()

    assert (found.sentences, found.unsupported_count, len(server.requests)) == ((), 1, 2)


def test_an_answer_in_another_language_and_a_useless_one_make_an_empty_summary(desk: Desk, server: ModelServer) -> None:
    server.replies = [Reply(answer_of(sentence("한 토끼가 풀밭에 서 있다."))), Reply("I see a rabbit.")]

    found = desk.summary()

    assert (found.sentences, found.unsupported_count) == ((), 1)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_service_that_is_out_of_order_is_asked_again(desk: Desk, server: ModelServer, status: int) -> None:
    server.replies = [Reply(status=status, error="busy")] * 2

    assert desk.summary().sentences
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (429, "limits the rate of calls (429): out of luck."),
        (503, "fails (503): out of luck."),
        (404, "knows no such path or model (404): out of luck."),
        (400, "refuses the request (400): out of luck."),
    ],
)
def test_a_service_that_fails_is_named_with_its_message(
    desk: Desk, server: ModelServer, status: int, reason: str
) -> None:
    server.reply = lambda _request: Reply(status=status, error="out of luck")

    assert desk.reason() == f"Scene 3: {server.address} {reason}"


@pytest.mark.parametrize(("status", "may_pass"), [(429, True), (503, True), (400, False), (404, False)])
def test_a_fault_that_may_pass_is_told_from_others(
    desk: Desk, server: ModelServer, status: int, *, may_pass: bool
) -> None:
    server.reply = lambda _request: Reply(status=status, error="out of luck")

    with pytest.raises(SummaryUnavailable) as caught:
        desk.summary()

    assert caught.value.may_pass is may_pass


def test_a_pause_that_the_service_wants_is_made(desk: Desk, server: ModelServer) -> None:
    server.replies = [Reply(status=429, error="slow down", headers={"retry-after": "0.5"})]
    start = time.monotonic()

    assert desk.summary().sentences
    assert time.monotonic() - start >= 0.5


def test_a_long_pause_is_a_failure_at_once(desk: Desk, server: ModelServer) -> None:
    server.reply = lambda _request: Reply(status=429, error="quota", headers={"retry-after": "3600"})

    assert "limits the rate of calls (429): quota. It asks to wait 3600 s." in desk.reason()
    assert len(server.requests) == 1


@pytest.mark.parametrize("stalls_after", [0, 30])
def test_a_service_that_stalls_is_given_up_in_time(desk: Desk, server: ModelServer, stalls_after: int) -> None:
    server.reply = lambda _request: Reply(stalls_after=stalls_after)

    assert "did not answer in 0.3 s (summaries.call_seconds)" in desk.reason(call_seconds=0.3)


def test_a_body_that_ends_early_is_a_failure(desk: Desk, server: ModelServer) -> None:
    server.reply = lambda _request: Reply(ends_after=20)

    assert desk.reason() == f"Scene 3: The connection to {server.address} failed (RemoteProtocolError)."
    assert len(server.requests) == 3


def test_an_answer_without_end_is_given_up(desk: Desk, server: ModelServer) -> None:
    server.reply = lambda _request: Reply(is_endless=True)

    assert "answers with more than 2 MiB" in desk.reason()


def test_a_redirect_is_not_followed(desk: Desk, server: ModelServer) -> None:
    with model_server(ModelServer()) as other:
        place = other.address.replace("http://", "http://user:pass@")
        headers = {"location": f"{place}/chat/completions?token=abc"}
        server.reply = lambda _request: Reply(status=307, error="moved", headers=headers)

        reason = desk.reason()

        assert f"redirect to {other.address.removesuffix('/v1')} (307), which is not followed" in reason
        assert "pass" not in reason
        assert "abc" not in reason
        assert other.requests == []


def test_no_service_at_the_address_is_named_without_its_password(desk: Desk, server: ModelServer) -> None:
    server.stopping.set()
    engine = desk.opened("http://user:pass@127.0.0.1:9/v1?token=abc")

    with pytest.raises(SummaryUnavailable) as caught:
        asyncio.run(engine.summarise(scene(), "en-US", ()))

    assert str(caught.value).startswith("Scene 3: There is no connection to http://127.0.0.1:9/v1 (")
    assert str(caught.value).endswith(". Check engines.addresses.")
    assert "pass" not in str(caught.value)
    assert "abc" not in str(caught.value)


def test_an_address_with_a_final_slash_or_a_wrong_path_is_handled(desk: Desk, server: ModelServer) -> None:
    engine = desk.opened(f"{server.address}/")
    assert asyncio.run(engine.summarise(scene(), "en-US", ())).sentences

    wrong = desk.opened(server.address.removesuffix("/v1"))
    with pytest.raises(SummaryUnavailable, match=r"knows no such path or model \(404\): Not Found"):
        asyncio.run(wrong.summarise(scene(), "en-US", ()))


def test_a_picture_that_cannot_be_opened_is_a_failure(desk: Desk, server: ModelServer) -> None:
    desk.shrinker.failure = EngineUnavailable("A keyframe cannot be opened.")

    assert desk.reason() == "Scene 3: A keyframe cannot be opened."
    assert server.requests == []
