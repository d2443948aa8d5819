"""Sentence embeddings by networks of the MiniLM layout: the mean of the tokens' vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.embeddings.port import E5, MINILM, SENTENCE_FILE, TOKENIZER_FILE
from scenedex.engines.embeddings.tokens import Tokens
from scenedex.engines.embeddings.vectors import unit
from scenedex.engines.networks import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

MAX_PIECES: Final = 8
"""Maximum number of pieces of a text that is too long for one run. The rest is ignored."""

_LONGEST_TOKEN_CHARACTERS = 16
_KINDS_OF_TOKENS = "token_type_ids"


@dataclass(frozen=True, slots=True)
class SentenceTraining:
    """Inputs that one network was trained with.

    Attributes:
        longest: maximum number of tokens of one run.
        query: prefix of queries.
        passage: prefix of texts to find.
    """

    longest: int
    query: str = ""
    passage: str = ""


_TRAININGS: Final = {
    MINILM: SentenceTraining(longest=256),
    E5: SentenceTraining(longest=512, query="query: ", passage="passage: "),
}


class SentenceTexts:
    """Embeds texts by the mean of their tokens' vectors.

    Each text has a run of its own, because int8 networks scale their numbers by the whole run, and a vector would
    depend on the other texts. A text that is too long for one run gets the mean of its pieces' vectors.
    """

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = context.engine
        self._training = _TRAININGS[context.engine]
        folder = context.weights_folder
        self._tokens = Tokens(folder / TOKENIZER_FILE, longest=self._training.longest)
        self._network = Network(
            folder / SENTENCE_FILE,
            inputs=["input_ids", "attention_mask"],
            output="last_hidden_state",
            threads=context.threads,
        )
        self.dimension: Final = self._network.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        vectors = [self._vector(self._training.passage + text) for text in texts]
        return np.array(vectors, np.float32).reshape(-1, self.dimension)

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
