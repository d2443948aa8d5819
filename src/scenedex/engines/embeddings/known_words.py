"""Words that a tokenizer was made for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LATIN_WORD: Final = re.compile("[A-Za-z\u00c0-\u024f]{3,}")
_MIN_LETTERS_A_PIECE: Final = 2.2


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
