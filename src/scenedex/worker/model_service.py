"""Means of engines that call the service of a language model, made from settings."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.service import ModelService
from scenedex.media.errors import MediaError
from scenedex.media.shrinking import shrink
from scenedex.worker.options import child_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.media.limits import ChildLimits
    from scenedex.metrics import Metrics
    from scenedex.settings import Settings


class ChildShrinker:
    """`PictureShrinker` that opens pictures in a media child."""

    def __init__(self, limits: ChildLimits) -> None:
        self._limits = limits

    async def __call__(self, pictures: Sequence[bytes], *, longest_side: int, quality: int) -> Sequence[bytes]:
        """See `PictureShrinker`."""
        try:
            return await shrink(pictures, self._limits, longest_side=longest_side, quality=quality)
        except MediaError as error:
            raise EngineUnavailable(f"A keyframe cannot be made smaller. {error}") from error


def model_service(settings: Settings, metrics: Metrics) -> ModelService:
    """Return the options of calls of a worker process, which share their turns."""
    media = settings.media
    limits = child_limits(media, media.probe_seconds, media.memory_bytes, metrics)
    return ModelService(settings.summaries, ChildShrinker(limits), asyncio.Semaphore(settings.summaries.concurrency))
