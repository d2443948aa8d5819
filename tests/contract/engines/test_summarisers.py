"""Contract of engines of scene summaries."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from engine_choices import fake_spec, spec_of
from model_service import MODEL, ModelServer, Reply, answer_of, model_server, sentence, texts_of
from scenedex.engines.loader import open_engine
from scenedex.engines.service import ModelService
from scenedex.engines.summaries import COMPOSED, SUMMARIES, VISION_LANGUAGE_MODEL
from scenedex.engines.summaries.scripted import SCRIPTED, ScriptedSummariser
from scenedex.engines.testing import SummariserContract
from scenedex.settings import SummarySettings

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from scenedex.engines.summaries import Summariser

SIGHTS = {
    "English": "A sign says \u201cHARBOUR NEWS\u201d.",
    "Korean": "\u201cHARBOUR NEWS\u201d라는 글자가 화면에 보인다.",
    "Japanese": "「HARBOUR NEWS」という文字が画面に見える。",
    "Chinese": "画面上有“HARBOUR NEWS”的字样。",
}


def described(request: dict[str, Any]) -> Reply:
    """A reply in the language that was asked for, about the text on screen if there is one."""
    instructions = request["messages"][0]["content"]
    text = next(text for language, text in SIGHTS.items() if f"in {language}" in instructions)
    return Reply(answer_of(sentence(text, "read", "T1")) if "HARBOUR NEWS" in texts_of(request) else answer_of())


async def unchanged(pictures: Sequence[bytes], *, longest_side: int, quality: int) -> Sequence[bytes]:
    assert longest_side
    assert quality
    return pictures


class TestComposed(SummariserContract):
    spec = spec_of(COMPOSED)


class TestVisionLanguageModel(SummariserContract):
    spec = spec_of(VISION_LANGUAGE_MODEL)

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Generator[ModelServer]:
        with model_server(ModelServer(reply=described)) as running:
            yield running

    @pytest.fixture
    def engine(self, server: ModelServer) -> Summariser:
        service = ModelService(SummarySettings(model=MODEL), unchanged, asyncio.Semaphore())
        return open_engine(SUMMARIES, self.spec.choice(address=server.address), service=service)


class TestScripted(SummariserContract):
    spec = fake_spec(SUMMARIES, SCRIPTED)

    @pytest.fixture
    def engine(self) -> ScriptedSummariser:
        return ScriptedSummariser()
