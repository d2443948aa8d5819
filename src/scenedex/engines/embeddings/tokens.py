"""Adapter to the tokenizer library: texts as the numbers that language networks read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from tokenizers import Tokenizer

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_LATIN_WORD: Final = re.compile("[A-Za-z\u00c0-\u024f]{3,}")
_MIN_LETTERS_A_PIECE: Final = 2.2


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


def are_known_words(text: str, pieces_of: Callable[[str], int]) -> bool:
    """Return whether a tokenizer was made for the words of a text. ``pieces_of`` returns the number of their pieces.

    Unknown words are divided into pieces of a letter or two: 5 letters a piece are usual in English, 2.5 in foreign
    names, 1.6 in random letters. Only Latin letters count, because other scripts have pieces of other lengths. They
    decide if they are most of the text, and not if they are an abbreviation in a sentence of another script.
    """
    words = " ".join(_LATIN_WORD.findall(text))
    letters = len(words.replace(" ", ""))
    if 2 * letters < sum(character.isalpha() for character in text):
        return True
    return not letters or letters >= _MIN_LETTERS_A_PIECE * pieces_of(words)
