"""The engine of a vision language model at a service with limits of pictures, text, parameters and calls."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from model_service import ModelServer, Reply, answer_of, parts_of, sentence, texts_of
from scene_evidence import scene
from vision_desk import RABBIT, Desk, sides_of


def test_a_service_without_schemas_is_asked_without_them_from_then_on(desk: Desk, server: ModelServer) -> None:
    def without_schemas(request: dict[str, Any]) -> Reply:
        wants = "response_format" in request
        return Reply(status=400, error="response_format json_schema is not supported") if wants else Reply()

    server.reply = without_schemas
    engine = desk.opened()

    async def twice() -> None:
        for _scene in range(2):
            assert (await engine.summarise(scene(pictures=1), "en-US", ())).sentences

    asyncio.run(twice())
    assert ["response_format" in request for request in server.requests] == [True, False, False]


def test_parameters_of_later_models_are_adopted(desk: Desk, server: ModelServer) -> None:
    def strict(request: dict[str, Any]) -> Reply:
        if "max_tokens" in request:
            said = "Unsupported parameter: 'max_tokens' is not supported with this model."
            return Reply(status=400, error=f"{said} Use 'max_completion_tokens' instead.")
        if "temperature" in request:
            return Reply(status=400, error="Unsupported value: 'temperature' does not support 0 with this model.")
        return Reply()

    server.reply = strict

    assert desk.summary(max_tokens=777).sentences
    assert server.requests[-1]["max_completion_tokens"] == 777


def test_a_small_context_gets_fewer_pictures_and_then_less_text(desk: Desk, server: ModelServer) -> None:
    def small(request: dict[str, Any]) -> Reply:
        pictures = sum(part["type"] == "image_url" for part in parts_of(request))
        fits = pictures * 1000 + len(texts_of(request)) < 3000
        return Reply() if fits else Reply(status=400, error="the request exceeds the available context size (4096)")

    server.reply = small
    evidence = scene(pictures=4, lines=[f"Sentence {at} about rabbits in meadows." for at in range(100)])

    assert desk.summary(evidence).sentences
    assert server.pictures[:3] == [4, 2, 1]
    assert server.pictures[-1] == 1
    sizes = [len(texts_of(request)) for request in server.requests]
    assert sizes == sorted(sizes, reverse=True)


def test_a_context_that_cuts_silently_is_noticed_by_its_tokens(desk: Desk, server: ModelServer) -> None:
    lines = [f"Sentence {at} about rabbits in meadows and about much else." for at in range(200)]
    server.reply = lambda _request: Reply(usage={"prompt_tokens": 512, "completion_tokens": 9})

    found = desk.summary(scene(pictures=4, lines=lines))

    assert found.sentences
    assert server.pictures[0] == 4
    assert len(texts_of(server.requests[-1])) < len(texts_of(server.requests[0])) / 2


def test_pictures_that_are_refused_are_sent_smaller(desk: Desk, server: ModelServer) -> None:
    def picky(request: dict[str, Any]) -> Reply:
        return Reply() if max(sides_of(request)) <= 512 else Reply(status=400, error="The image has 2048 tokens")

    server.reply = picky

    assert desk.summary().sentences
    assert [sides_of(request)[0] for request in server.requests] == [768, 512]
    assert desk.shrinker.sides == [768, 512]


def test_a_limit_of_pictures_is_learned(desk: Desk, server: ModelServer) -> None:
    def one(request: dict[str, Any]) -> Reply:
        count = sum(part["type"] == "image_url" for part in parts_of(request))
        return Reply() if count <= 1 else Reply(status=400, error="At most 1 image(s) may be provided in one prompt.")

    server.reply = one
    engine = desk.opened()

    async def twice() -> None:
        for _scene in range(2):
            assert (await engine.summarise(scene(pictures=4), "en-US", ())).sentences

    asyncio.run(twice())
    assert server.pictures == [4, 2, 1, 1]


def test_a_model_without_vision_is_named_with_the_remedy(desk: Desk, server: ModelServer) -> None:
    server.reply = lambda _request: Reply(
        status=500,
        error="image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
    )

    assert "takes no pictures: choose one that does (llama.cpp also needs --mmproj)" in desk.reason()
    assert len(server.requests) == 1


def test_a_model_of_text_alone_gets_no_pictures(desk: Desk, server: ModelServer) -> None:
    server.replies = [Reply(answer_of(sentence("A voice says hello.", "heard", "L1"), sentence(RABBIT)))]

    found = desk.summary(scene(pictures=4, lines=["Hello there."]), pictures=0)

    assert [one.basis for one in found.sentences] == ["heard"]
    assert server.pictures == [0]
    assert desk.shrinker.sides == []


def test_a_cancel_ends_a_call_at_once(desk: Desk, server: ModelServer) -> None:
    server.reply = lambda _request: Reply(stalls_after=0)
    engine = desk.opened(call_seconds=60)

    async def cancelled() -> None:
        task = asyncio.create_task(engine.summarise(scene(), "en-US", ()))
        assert await asyncio.to_thread(server.asked.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())


def test_no_more_calls_run_at_a_time_than_the_settings_allow(desk: Desk, server: ModelServer) -> None:
    def slow(_request: dict[str, Any]) -> Reply:
        time.sleep(0.1)
        return Reply()

    server.reply = slow
    engine = desk.opened(concurrency=2)

    async def many() -> None:
        await asyncio.gather(*(engine.summarise(scene(), "en-US", ()) for _scene in range(6)))

    asyncio.run(many())
    assert server.most_at_a_time == 2
