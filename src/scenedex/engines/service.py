"""Means of an engine that calls the service of a language model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from scenedex.settings import SummarySettings


class PictureShrinker(Protocol):
    """Makes pictures smaller, in a process that may open users' bytes."""

    async def __call__(self, pictures: Sequence[bytes], *, longest_side: int, quality: int) -> Sequence[bytes]:
        """Return each JPEG with its longer side scaled down to a maximum in pixels, encoded with a quality of 1-100.

        Raises:
            EngineUnavailable: a picture cannot be opened. The message is for users.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelService:
    """Options of calls to a service, and what they share within a process.

    Attributes:
        settings: key, model, limits and prices.
        shrink: makes pictures smaller.
        turns: limits the calls that this process makes at a time.
    """

    settings: SummarySettings
    shrink: PictureShrinker
    turns: asyncio.Semaphore
