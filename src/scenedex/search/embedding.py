"""Embedding of text queries by the engines that made the vectors of the scenes.

An engine is loaded before the first query of a large archive, or else by it. It then stays loaded, since clients wait
for queries.
"""

from __future__ import annotations

import asyncio
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


class QueryEmbedder:
    """Embeds queries, one at a time. ``open_engine`` loads the engine of an identity."""

    def __init__(self, open_engine: Callable[[str], TextEmbedder]) -> None:
        self._open_engine = open_engine
        self._embedders: dict[str, TextEmbedder] = {}
        self._lock = asyncio.Lock()

    async def embed(self, engine: str, text: str) -> str | None:
        """Return the vector of a text as a literal of pgvector, or `None` if the engine knows none of its words.

        Raises:
            EngineUnavailable: the engine cannot be loaded on this machine.
        """
        async with self._lock:
            return await asyncio.to_thread(self._embed, engine, text)

    async def load(self, engine: str) -> None:
        """Load an engine before its first query.

        Raises:
            EngineUnavailable: the engine cannot be loaded on this machine.
        """
        async with self._lock:
            await asyncio.to_thread(self._loaded, engine)

    def _loaded(self, engine: str) -> TextEmbedder:
        if engine not in self._embedders:
            self._embedders[engine] = self._open_engine(engine)
        return self._embedders[engine]

    def _embed(self, engine: str, text: str) -> str | None:
        embedder = self._loaded(engine)
        return _literal(embedder.embed_query(text)) if embedder.knows(text) else None


def engine_opener(registry: EngineRegistry, weights: Path, *, threads: int) -> Callable[[str], TextEmbedder]:
    """Return a function that loads the engine of an identity, which gets that many threads, 0 for one per core."""

    def open_identity(engine: str) -> TextEmbedder:
        choice = registry.of_identity(engine, weights, MEANING, PICTURE_TEXTS)
        return open_engine(MEANING, choice, threads=threads)

    return open_identity


def _literal(vector: NDArray[np.float32]) -> str:
    return f"[{','.join(f'{value:.6g}' for value in vector.tolist())}]"
