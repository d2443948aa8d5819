"""Korean particles, which depend on the last sound of the word before: Hangul, digits, letters and kana."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_SYLLABLE: Final = 0xAC00
_LAST_SYLLABLE: Final = 0xD7A3
_FINALS: Final = 28
_RIEUL: Final = 8
_NASAL_KANA: Final = frozenset("んンﾝ")
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")

# Names of the digits: 영 일 이 삼 사 오 육 칠 팔 구. A number that ends in zeros ends in 십, 백, 천, 만 or 억.
_DIGITS: Final[Mapping[str, Literal["", "l", "c"]]] = MappingProxyType(
    {"0": "c", "1": "l", "2": "", "3": "c", "4": "", "5": "", "6": "c", "7": "l", "8": "l", "9": ""}
)
# Names of letters: 엘, 엠, 엔 and 알 end in a consonant.
_LETTERS: Final[Mapping[str, Literal["l", "c"]]] = MappingProxyType({"l": "l", "m": "c", "n": "c", "r": "l"})
_VOWEL_LETTERS: Final = frozenset("aeiouyáàâäãåéèêëíìîïóòôöõúùûüýÿ")
_TRAILING_NUMBER: Final = re.compile(r"\d+$")
_TRAILING_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+$")
_SILENT_E: Final = re.compile(r"([lmn])e$")
_SHORT: Final = re.compile(r"(?:^|[^aeiou])[aeiou](?:[kpt]|ck|b)$")

Final_ = Literal["", "l", "c"]
"""Last sound: a vowel, the consonant ㄹ, or another consonant."""

_PAIRS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "은": ("은", "는"),
        "이": ("이", "가"),
        "을": ("을", "를"),
        "과": ("과", "와"),
        "으로": ("으로", "로"),
        "이라고": ("이라고", "라고"),
        "이라는": ("이라는", "라는"),
    }
)


def with_particle(word: str, particle: str) -> str:
    """Return a word with a particle, which is given in its form after a consonant."""
    return word + particle_after(word, particle)


def particle_after(word: str, particle: str) -> str:
    """Return the form of a particle after a word. The particle is given in its form after a consonant."""
    if particle not in _PAIRS:
        return particle
    after_consonant, after_vowel = _PAIRS[particle]
    last = last_sound(word)
    if particle == "으로" and last == "l":
        return after_vowel
    return after_consonant if last else after_vowel


def last_sound(word: str) -> Final_:
    """Return the kind of the last sound of a word as a Korean reader pronounces it."""
    text = word.rstrip()
    while text and not text[-1].isalnum():
        text = text[:-1]
    if not text:
        return ""
    last = text[-1]
    if _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
        return "" if final == 0 else "l" if final == _RIEUL else "c"
    if number := _TRAILING_NUMBER.search(text):
        return _of_number(number.group())
    if found := _TRAILING_WORD.search(text):
        return _of_letters(found.group())
    if _KANA.match(last):
        return "c" if last in _NASAL_KANA else ""
    return ""


def _of_number(digits: str) -> Final_:
    if digits[-1] in _DIGITS and (digits[-1] != "0" or not digits.strip("0")):
        return _DIGITS[digits[-1]]
    zeros = len(digits) - len(digits.rstrip("0"))
    # 십, 백, 천, 만, and 조, the only one that ends in a vowel.
    return "" if zeros >= 12 else "c"  # noqa: PLR2004  # zeros of a billion


def _of_letters(word: str) -> Final_:
    folded = word.casefold()
    # Letters that are read one by one.
    if word.isupper() and len(word) <= 5 and (len(word) <= 3 or not _VOWEL_LETTERS & set(folded)):  # noqa: PLR2004  # acronyms
        return _LETTERS.get(folded[-1], "")
    if silent := _SILENT_E.search(folded):
        if len(folded) > 3 and folded[-3] in _VOWEL_LETTERS | set("ln"):  # noqa: PLR2004  # Anne, Jerome, Michelle
            return "l" if silent.group(1) == "l" else "c"
        return ""
    if folded.endswith("l"):
        return "l"
    if folded.endswith(("m", "n", "ng")) or _SHORT.search(folded):
        return "c"
    return ""
