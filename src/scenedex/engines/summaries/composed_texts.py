"""Texts of media and names as parts of a sentence: without control characters, of limited length, with even quotes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 40
"""Maximum number of characters of a name."""

ELLIPSIS: Final = "…"

_OPEN = "“„‟«「『《〝"
_DOUBLE: Final = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02'
_SINGLE: Final = dict.fromkeys(map(ord, _DOUBLE), "'")
_DROPPED: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_SPACES: Final = frozenset({"Zs", "Zl", "Zp"})
_BLANK: Final = re.compile(r"\s+")
_WIDE: Final = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_HAS_LETTER: Final = re.compile(r"[^\W_]")
_EDGES: Final = " '\u2019\u2018`-\u2013\u2014·•|_~*#<>=+,;:\u3001\uff0c\uff1b\uff1a"
_ENDS: Final = (".", "\u3002", "\uff0e")


def clean(text: str) -> str:
    """Return a text in one line without control, formatting and private characters. Double quotes become single.

    The quotes of a summary so never meet quotes of the text that they surround.
    """
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in _SPACES or character in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif category not in _DROPPED:
            kept.append(character)
    return _BLANK.sub(" ", "".join(kept).translate(_SINGLE)).strip()


def bare(text: str) -> str:
    """Return a clean text without punctuation and quotes around it. Closing question and exclamation marks stay."""
    stripped = text.strip(_EDGES)
    while stripped.endswith(_ENDS) and not stripped.endswith((*(2 * one for one in _ENDS),)):
        stripped = stripped[:-1].rstrip(_EDGES)
    return stripped


def clean_name(name: str) -> str:
    """Return a name in a form that fits a sentence, "" if it has neither letters nor digits."""
    text = clean(name)
    if len(text) > LONGEST_NAME:
        text = text[: LONGEST_NAME - 1].rstrip() + ELLIPSIS
    return text if _HAS_LETTER.search(text) else ""


def is_wide(text: str) -> bool:
    """Return whether most letters of a text are Korean, Japanese or Chinese, which fill two columns each."""
    letters = sum(character.isalnum() for character in text)
    return 2 * len(_WIDE.findall(text)) > letters


def width(text: str) -> int:
    """Return the number of columns of a text, two for each Korean, Japanese or Chinese character."""
    return len(text) + len(_WIDE.findall(text))
