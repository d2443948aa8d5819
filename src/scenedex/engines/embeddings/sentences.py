"""Sentence embeddings: networks of the MiniLM layout, whose tokens' vectors are averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.embeddings.networks import Network, last_dimension
from scenedex.engines.embeddings.specs import E5, MINILM, SENTENCE_FILE, TOKENIZER_FILE
from scenedex.engines.embeddings.tokens import Tokens
from scenedex.engines.embeddings.vectors import unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine, EngineContext

MOST_PIECES: Final = 8
"""Longer texts than a network takes are read in so many pieces; what comes after those is ignored."""

_LONGEST_TOKEN_CHARACTERS = 16
_KINDS_OF_TOKENS = "token_type_ids"


@dataclass(frozen=True, slots=True)
class SentenceHabits:
    """What one network was trained with.

    Attributes:
        engine: what the embedder is.
        longest: most tokens of one run.
        query: stands before what is looked for.
        passage: stands before what is to be found.
    """

    engine: Engine
    longest: int
    query: str = ""
    passage: str = ""


MINILM_HABITS: Final = SentenceHabits(MINILM, longest=256)
E5_HABITS: Final = SentenceHabits(E5, longest=512, query="query: ", passage="passage: ")


class SentenceTexts:
    """Embeds texts by the mean of their tokens' vectors.

    Texts are run one by one: int8 networks scale their numbers by all that is in a run, so a text's vector would
    otherwise depend on its neighbours. A text that is too long for one run gets the mean of its pieces' vectors.

    Args:
        folder: holds ``model_quantized.onnx`` and ``tokenizer.json``.
        habits: what the network was trained with.
        threads: threads of one run; 0: as many as there are cores.

    Raises:
        EngineUnavailable: the weights are missing or damaged.
    """

    def __init__(self, folder: Path, habits: SentenceHabits, *, threads: int = 0) -> None:
        self.engine: Final = habits.engine
        file = folder / SENTENCE_FILE
        self._habits = habits
        self._tokens = Tokens(folder / TOKENIZER_FILE, longest=habits.longest)
        self._network = Network(
            file, inputs=["input_ids", "attention_mask"], output="last_hidden_state", threads=threads
        )
        self.dimension: Final = last_dimension(self._network, file)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts; see `TextEmbedder`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(self._habits.passage + text)
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query; see `TextEmbedder`."""
        return self._vector(self._habits.query + text)

    def knows(self, text: str) -> bool:
        """Whether the words are known; see `TextEmbedder`."""
        return self._tokens.knows_words(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        readable = text[: MOST_PIECES * self._habits.longest * _LONGEST_TOKEN_CHARACTERS]
        pieces = [self._mean(numbers) for numbers in self._tokens.pieces(readable, most=MOST_PIECES)]
        return unit(np.stack(pieces).mean(axis=0, dtype=np.float32))

    def _mean(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        feeds = {"input_ids": numbers[None], "attention_mask": np.ones((1, len(numbers)), np.int64)}
        if _KINDS_OF_TOKENS in self._network.inputs:
            feeds[_KINDS_OF_TOKENS] = np.zeros((1, len(numbers)), np.int64)
        return unit(self._network.run(feeds)[0].mean(axis=0, dtype=np.float32))


def open_minilm(context: EngineContext) -> SentenceTexts:
    """Open MiniLM."""
    return SentenceTexts(context.weights_folder, MINILM_HABITS, threads=context.threads)


def open_e5(context: EngineContext) -> SentenceTexts:
    """Open E5."""
    return SentenceTexts(context.weights_folder, E5_HABITS, threads=context.threads)
