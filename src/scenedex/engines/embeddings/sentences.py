"""Sentence embeddings by networks of the MiniLM layout: the mean of the tokens' vectors."""

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

MAX_PIECES: Final = 8
"""Maximum number of pieces of a text that is too long for one run. The rest is ignored."""

_LONGEST_TOKEN_CHARACTERS = 16
_KINDS_OF_TOKENS = "token_type_ids"


@dataclass(frozen=True, slots=True)
class SentenceTraining:
    """Inputs that one network was trained with.

    Attributes:
        engine: identity of the embedder.
        longest: maximum number of tokens of one run.
        query: prefix of queries.
        passage: prefix of texts to find.
    """

    engine: Engine
    longest: int
    query: str = ""
    passage: str = ""


MINILM_TRAINING: Final = SentenceTraining(MINILM, longest=256)
E5_TRAINING: Final = SentenceTraining(E5, longest=512, query="query: ", passage="passage: ")


class SentenceTexts:
    """Embeds texts by the mean of their tokens' vectors.

    Each text has a run of its own, because int8 networks scale their numbers by the whole run, and a vector would
    depend on the other texts. A text that is too long for one run gets the mean of its pieces' vectors.

    Args:
        folder: holds ``model_quantized.onnx`` and ``tokenizer.json``.
        training: inputs that the network was trained with.
        threads: threads of one run, 0 for one per core.

    Raises:
        EngineUnavailable: the weights are missing or damaged.
    """

    def __init__(self, folder: Path, training: SentenceTraining, *, threads: int = 0) -> None:
        self.engine: Final = training.engine
        file = folder / SENTENCE_FILE
        self._training = training
        self._tokens = Tokens(folder / TOKENIZER_FILE, longest=training.longest)
        self._network = Network(
            file, inputs=["input_ids", "attention_mask"], output="last_hidden_state", threads=threads
        )
        self.dimension: Final = last_dimension(self._network, file)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(self._training.passage + text)
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query."""
        return self._vector(self._training.query + text)

    def knows(self, text: str) -> bool:
        """Return whether the words are known."""
        return self._tokens.knows_words(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        readable = text[: MAX_PIECES * self._training.longest * _LONGEST_TOKEN_CHARACTERS]
        pieces = [self._mean(numbers) for numbers in self._tokens.pieces(readable, limit=MAX_PIECES)]
        return unit(np.stack(pieces).mean(axis=0, dtype=np.float32))

    def _mean(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        feeds = {"input_ids": numbers[None], "attention_mask": np.ones((1, len(numbers)), np.int64)}
        if _KINDS_OF_TOKENS in self._network.inputs:
            feeds[_KINDS_OF_TOKENS] = np.zeros((1, len(numbers)), np.int64)
        return unit(self._network.run(feeds)[0].mean(axis=0, dtype=np.float32))


def open_minilm(context: EngineContext) -> SentenceTexts:
    """Open MiniLM."""
    return SentenceTexts(context.weights_folder, MINILM_TRAINING, threads=context.threads)


def open_e5(context: EngineContext) -> SentenceTexts:
    """Open E5."""
    return SentenceTexts(context.weights_folder, E5_TRAINING, threads=context.threads)
