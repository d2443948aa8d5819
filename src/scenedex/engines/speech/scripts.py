"""Scripts of the languages. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("LATIN",),
    "ko": ("HANGUL",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "zh": ("CJK",),
}


def is_in_script(text: str, language: str) -> bool:
    """Return whether at least half of the letters are of the script of a language, such as ``ko`` or ``zh-TW``."""
    names = [unicodedata.name(sign, "") for sign in text if sign.isalpha()]
    return 2 * sum(name.startswith(_SCRIPTS[language[:2]]) for name in names) >= len(names)
