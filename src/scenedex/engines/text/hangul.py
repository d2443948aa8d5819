"""Characters of Korean."""

from __future__ import annotations

from typing import Final

_HANGUL: Final = (("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\uac00", "\ud7a3"))


def has_hangul(text: str) -> bool:
    """Return whether a text has a Hangul character."""
    return any(first <= character <= last for character in text for first, last in _HANGUL)
