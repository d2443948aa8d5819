"""Text queries as vectors of the engines that made those of the scenes.

An engine is loaded by the first query that needs it and stays: a query is waited for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.engines.embeddings import MEANING, PICTURE_TEXTS
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.embeddings import TextEmbedder
    from scenedex.engines.registry import EngineRegistry


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A query as the database reads vectors; None: it is made of words that the engine does not know."""

    text: str | None


class QueryEmbedder:
    """Embeds queries.

    Args:
        open_engine: loads the engine of an identity, or raises `EngineUnavailable`.
    """

    def __init__(self, open_engine: Callable[[str], TextEmbedder]) -> None:
        self._open_engine = open_engine
        self._opened: dict[str, TextEmbedder] = {}
        self._turn = asyncio.Lock()

    async def embed(self, engine: str, text: str) -> QueryVector:
        """The vector of a text by the engine of that identity.

        Raises:
            EngineUnavailable: it cannot be loaded on this machine.
        """
        async with self._turn:
            return await asyncio.to_thread(self._embed, engine, text)

    def _embed(self, engine: str, text: str) -> QueryVector:
        if engine not in self._opened:
            self._opened[engine] = self._open_engine(engine)
        embedder = self._opened[engine]
        return QueryVector(_text(embedder.embed_query(text)) if embedder.knows(text) else None)


def opener(registry: EngineRegistry, weights: Path, *, threads: int) -> Callable[[str], TextEmbedder]:
    """Return a function that loads the engine of an identity.

    Args:
        registry: engines that this installation knows.
        weights: folder of downloaded weights, which need not exist.
        threads: threads of one engine, 0 for one per core.
    """

    def open_identity(engine: str) -> TextEmbedder:
        choice = registry.of_identity(engine, weights, MEANING, PICTURE_TEXTS)
        return open_engine(MEANING, choice, threads=threads)

    return open_identity


def _text(vector: NDArray[np.float32]) -> str:
    return f"[{','.join(f'{value:.6g}' for value in vector.tolist())}]"
