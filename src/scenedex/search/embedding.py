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
    from collections.abc import Callable
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


def opener(weights: Path, *, threads: int) -> Callable[[str], TextEmbedder]:
    """Loads engines of texts from a folder of weights, which need not exist; 0 threads: as many as there are cores."""

    def open_engine(engine: str) -> TextEmbedder:
        return open_text_embedder(choice_of(engine, weights), threads=threads)

    return open_engine


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
