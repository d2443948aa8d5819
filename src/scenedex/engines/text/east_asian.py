"""Characters of East Asian scripts."""

from __future__ import annotations

import unicodedata


def is_east_asian(character: str) -> bool:
    """Return whether a character is of a script that is written without spaces between words, or Korean."""
    return unicodedata.east_asian_width(character) in "WF"
