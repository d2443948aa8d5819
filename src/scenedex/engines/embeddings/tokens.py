"""Adapter to the tokenizer library: texts as the numbers that language networks read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from scenedex.engines.embeddings.known_words import are_known_words
from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Tokens:
    """Tokenizer of a file ``tokenizer.json``, with the special tokens that the file prescribes.

    A piece of text has at most ``longest`` tokens, special ones included.

    Raises:
        EngineUnavailable: the file is missing or damaged.
    """

    def __init__(self, file: Path, *, longest: int) -> None:
        if not file.is_file():
            raise EngineUnavailable(f"{file.parent.name}/{file.name} is missing: scenedex weights pull")
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:
            # The library raises plain exceptions.
            raise EngineUnavailable(f"{file.name} is damaged: scenedex weights verify") from error
        # Some files prescribe padding to a length that suits training.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=longest)  # pyright: ignore[reportUnknownMemberType]  # its stub is partial

    def pieces(self, text: str, *, limit: int) -> Sequence[NDArray[np.int64]]:
        """Return the numbers of the text in one to ``limit`` pieces, each with its special tokens."""
        whole = self._tokenizer.encode(text)
        return [np.array(piece.ids, np.int64) for piece in [whole, *whole.overflowing][:limit]]

    def knows_words(self, text: str) -> bool:
        """Return whether the tokenizer was made for the words of a text, see `are_known_words`."""
        return are_known_words(text, lambda words: len(self._tokenizer.encode(words, add_special_tokens=False).ids))
