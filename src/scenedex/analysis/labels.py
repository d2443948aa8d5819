"""Vectors of the vocabulary that labels are chosen from, computed once in a worker's life."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords import label_prompts, label_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.vectors import VectorMaker
    from scenedex.engines.engine import EngineChoice


VOCABULARY_TURN: Final = "labels"
"""Name under which the machine's budget counts the process that reads the vocabulary."""


class LabelVectors:
    """Vectors of one vocabulary.

    Args:
        vocabulary: the words.
        vectors: embeds them.
    """

    def __init__(self, vocabulary: Sequence[str], vectors: VectorMaker) -> None:
        self._prompts = tuple(label_prompts(vocabulary))
        self._vectors = vectors
        self._known: dict[str | None, tuple[bytes, ...]] = {}
        self._reading = asyncio.Lock()

    async def of(self, labels: EngineChoice) -> tuple[bytes, ...]:
        """Return the vector of each word by the engine of labels, as little-endian float32.

        Raises:
            StageFailed: the engine failed.
        """
        async with self._reading:
            if labels.folder not in self._known:
                self._known[labels.folder] = await self._vectors.of_texts(
                    label_texts(labels), self._prompts, turn=VOCABULARY_TURN
                )
            return self._known[labels.folder]
