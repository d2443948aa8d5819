"""Language and script of sentences. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from opencc import OpenCC

from scenedex.engines.keywords.stopwords import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.engines.summaries.port import SummaryLocale

LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['\u2019][A-Za-z\u00c0-\u024f]+)*")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_IDEOGRAPH: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u052f\u0590-\u06ff\u0900-\u0e7f]")
_MIN_WORDS: Final = 3
_LONGEST_RUN: Final = 40  # letters without a space in a language that has spaces


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split()) - ENGLISH


_OTHERS: Final[Sequence[frozenset[str]]] = (
    _words("le la les un une des du de et est dans avec sur pour qui que il elle au aux ce cette sont pas"),
    _words("der die das ein eine und ist mit auf für von zu im den dem sich nicht sie er wird sind vor"),
    _words("el la los las un una y es en con de del por para que se su al está son no muestra"),
    _words("il lo la gli le un una e è in con di del della per che si al sono non mostra"),
    _words("o a os as um uma e é em com de do da por para que se no na são não mostra"),
    _words("de het een en is met op van te in dat die niet zijn voor aan er"),
)
"""Frequent words of other languages in Latin letters."""

_CONVERSIONS: Final[Mapping[SummaryLocale, str]] = {"zh-CN": "t2s", "zh-TW": "s2tw"}


def is_in_language(text: str, locale: SummaryLocale, names: Iterable[str]) -> bool:
    """Return whether a sentence is in the language of a locale.

    Only scripts and frequent words are compared. Chinese is accepted in either script.

    Args:
        text: the sentence.
        locale: the locale.
        names: words of the evidence, which may be in any script.
    """
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    latin = LATIN_WORD.findall(text)
    counts = {
        "latin": len("".join(latin)),
        "hangul": len(_HANGUL.findall(text)),
        "kana": len(_KANA.findall(text)),
        "ideograph": len(_IDEOGRAPH.findall(text)),
        "other": len(_OTHER_SCRIPT.findall(text)),
    }
    whole = sum(counts.values())
    if not whole:
        return True
    match locale:
        case "en-US":
            return 2 * counts["latin"] > whole and _is_english([word.casefold() for word in latin])
        case "ko-KR":
            return 2 * counts["hangul"] > whole
        case "ja-JP":
            return counts["kana"] > 0 and 2 * (counts["kana"] + counts["ideograph"]) > whole
        case "zh-CN" | "zh-TW":
            return counts["kana"] + counts["hangul"] == 0 and 2 * counts["ideograph"] > whole


def is_garbled(text: str, locale: SummaryLocale) -> bool:
    """Return whether a sentence has letters without spaces, or spaces between all letters."""
    words = text.split()
    if locale in {"en-US", "ko-KR"} and max((len(word) for word in words), default=0) > _LONGEST_RUN:
        return True
    short = sum(len(word) == 1 for word in words)
    return len(words) > 2 * _MIN_WORDS and 4 * short > 3 * len(words)


def in_script(text: str, locale: SummaryLocale, names: Iterable[str]) -> str:
    """Return a Chinese sentence in the script of its locale, with names as they are. Other sentences are unchanged."""
    conversion = _CONVERSIONS.get(locale)
    if conversion is None:
        return text
    kept = [name for name in names if name]
    pieces = re.split(f"({'|'.join(re.escape(name) for name in kept)})", text) if kept else [text]
    return "".join(piece if piece in kept else _writer(conversion).written(piece) for piece in pieces)


def simplified(text: str) -> str:
    """Return a text with simplified Chinese characters."""
    return _writer("t2s").written(text)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


class _Writer:
    def __init__(self, conversion: str) -> None:
        self._converter: Final[_Converter] = OpenCC(conversion)

    def written(self, text: str) -> str:
        return self._converter.convert(text)


@lru_cache(maxsize=len(_CONVERSIONS))
def _writer(conversion: str) -> _Writer:
    return _Writer(conversion)


def _is_english(words: list[str]) -> bool:
    """Return whether words are English: they have more frequent words of English than of a related language."""
    if len(words) < _MIN_WORDS:
        return True
    english = sum(word in ENGLISH for word in words)
    return english > 0 and all(sum(word in others for word in words) < english for others in _OTHERS)
