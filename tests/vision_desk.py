"""A summariser with a vision language model, and the pictures that it sends."""

from __future__ import annotations

import asyncio
import base64
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from model_service import MODEL, ModelServer, parts_of
from scene_evidence import scene
from scenedex.engines.service import ModelService
from scenedex.engines.summaries import VISION_LANGUAGE_MODEL, SceneSummary, SummaryUnavailable
from scenedex.engines.summaries.vision import ChatService, VisionSummariser
from scenedex.settings import SummarySettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.engines.summaries import SceneEvidence, SummaryLocale

RABBIT = "A rabbit stands in a meadow."


@dataclass
class Shrinker:
    """Shrinks pictures in this process, since tests wrote them."""

    sides: list[int] = field(default_factory=list[int])
    failure: Exception | None = None

    async def __call__(self, pictures: Sequence[bytes], *, longest_side: int, quality: int) -> Sequence[bytes]:
        if self.failure is not None:
            raise self.failure
        self.sides.append(longest_side)
        small: list[bytes] = []
        for jpeg in pictures:
            image = Image.open(io.BytesIO(jpeg))
            image.thumbnail((longest_side, longest_side))
            out = io.BytesIO()
            image.save(out, "JPEG", quality=quality)
            small.append(out.getvalue())
        return small


@dataclass
class Desk:
    """A summariser at an endpoint."""

    server: ModelServer
    shrinker: Shrinker = field(default_factory=Shrinker)

    def settings(self, **options: Any) -> SummarySettings:
        return SummarySettings.model_validate({"model": MODEL, "call_seconds": 5, "connect_seconds": 2, **options})

    def opened(self, address: str | None = None, **options: Any) -> VisionSummariser:
        settings = self.settings(**options)
        turns = asyncio.Semaphore(settings.concurrency)
        chat = ChatService(address or self.server.address, settings, turns, never, pauses=(0.01, 0.02))
        return VisionSummariser(VISION_LANGUAGE_MODEL, chat, ModelService(settings, self.shrinker, turns))

    def summary(
        self,
        evidence: SceneEvidence | None = None,
        locale: SummaryLocale = "en-US",
        *,
        preceding: Sequence[SceneSummary] = (),
        **options: Any,
    ) -> SceneSummary:
        engine = self.opened(**options)
        return asyncio.run(engine.summarise(evidence or scene(pictures=4), locale, preceding))

    def reason(self, evidence: SceneEvidence | None = None, **options: Any) -> str:
        with pytest.raises(SummaryUnavailable) as caught:
            self.summary(evidence, **options)
        return str(caught.value)


def never() -> datetime:
    raise AssertionError


def sides_of(request: dict[str, Any]) -> list[int]:
    urls = [part["image_url"]["url"] for part in parts_of(request) if part["type"] == "image_url"]
    return [max(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).size) for url in urls]
