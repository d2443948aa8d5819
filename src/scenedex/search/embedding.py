"""Text queries as vectors of the engines that made those of the scenes.

An engine is loaded by the first query that needs it and stays: a query is waited for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.engines.catalog import CATALOG, UnknownWeights, find
from scenedex.engines.embeddings import SIGLIP2, open_text_embedder
from scenedex.engines.engine import EngineChoice, EngineUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.embeddings import TextEmbedder


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A query as the database reads vectors; None: it is made of words that the engine does not know."""

    text: str | None


class QueryEmbedder:
    """Embeds queries.

    Args:
        weights: folder of downloaded weights; need not exist.
        threads: of each engine; 0: as many as there are cores.
    """

    def __init__(self, weights: Path, *, threads: int) -> None:
        self._weights = weights
        self._threads = threads
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
            self._opened[engine] = open_text_embedder(choice_of(engine, self._weights), threads=self._threads)
        embedder = self._opened[engine]
        return QueryVector(_text(embedder.embed_query(text)) if embedder.knows(text) else None)


def understands_text(engine: str) -> bool:
    """Whether an engine of pictures, by its identity, also embeds texts."""
    return engine.partition(" ")[0] == SIGLIP2.name


def choice_of(engine: str, weights: Path) -> EngineChoice:
    """The engine of an identity as it is loaded here.

    Raises:
        EngineUnavailable: its weights are not there.
    """
    name, version, *of_weights = engine.split(" ")
    if not of_weights:
        return EngineChoice(name, version)
    try:
        folder = find(weights, CATALOG.entry(of_weights[0]))
    except UnknownWeights as error:
        raise EngineUnavailable(f"No weights of this version are called {of_weights[0]}.") from error
    if folder is None:
        raise EngineUnavailable(f"The weights are missing: scenedex weights pull {of_weights[0]}")
    return EngineChoice(name, version, of_weights[0], str(folder))


def _text(vector: NDArray[np.float32]) -> str:
    return f"[{','.join(f'{value:.6g}' for value in vector.tolist())}]"
