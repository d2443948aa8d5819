"""Words, numbers and quotations of sentences, compared with those of the evidence. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords.stopwords import ENGLISH
from scenedex.engines.summaries.vision.languages import LATIN_WORD, simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_QUOTATION: Final = re.compile(
    '\u201c([^\u201d]+)\u201d|"([^"]+)"|\u300c([^\u300d]+)\u300d|\u300e([^\u300f]+)\u300f|\u00ab([^\u00bb]+)\u00bb'
    r"|(?<!\w)['\u2018]([^'\u2019]+(?:['\u2019]\w+[^'\u2019]*)*)['\u2019](?!\w)"
)
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_TIME: Final = re.compile(
    r"\d{1,2}:\d{2}|\d+(?:\.\d+)?\s*(?:seconds?|secs?|minutes?|mins?|milliseconds?|ms)\b|\d+(?:\.\d+)?\s*(?:초|분(?!의)|秒|分钟|分鐘|分間)",
    re.IGNORECASE,
)
_DENSE: Final = re.compile("[\uac00-\ud7a3]+|[\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff々]+")
_SPEECH: Final = re.compile(
    r"\b(?:some(?:one|body|thing)?|people|persons?|m[ae]n|wom[ae]n|child|children|speakers?|voices?|speak(?:s|ing)?|spoken"
    r"|speech|talk(?:s|ing)?|say(?:s|ing)?|said|words?|conversations?|dialogue|narrators?|hear[ds]?|heard|short|few|can|be)\b"
    "|누군가|사람들?|남자|여자|남성|여성|아이|몇|마디|짧은|말소리|목소리|소리|말을|말이|말한다|말하고|이야기|대화|들린다|들려온다|나눈다|한다|있다"
    "|誰か|人々|人|男性|女性|子供|少し|短い|言葉|会話|声|話(?!語)し?|聞こえ|交わされ|する|いる"
    "|有人|有|人们|人們|男子|女子|孩子|能|可以|听到|聽到|传来|傳來|说|說|了|几句|幾句|一些|些许|些許|话语?|話語?|对话|對話|交谈|交談|声音|聲音",
    re.IGNORECASE,
)
_STEM: Final = 5
_MIN_WORD: Final = 3
_ENDINGS: Final = ("ing", "ed", "es", "s", "ly")
# Endings of Korean words, which say nothing.
_COMMON_PAIRS: Final = frozenset(
    (
        "한다",
        "있다",
        "있는",
        "이다",
        "된다",
        "하는",
        "하고",
        "습니",
        "니다",
        "입니",
        "합니",
        "에서",
        "으로",
        "까지",
        "부터",
        "라고",
        "다고",
    )
)


def quotations(text: str) -> list[str]:
    """Return the quotations of a sentence, without their marks."""
    return [next(part for part in match.groups() if part is not None) for match in _QUOTATION.finditer(text)]


def without_quotations(text: str) -> str:
    """Return a sentence with a space in place of each quotation."""
    return _QUOTATION.sub(" ", text)


def is_quoted_from(quotation: str, sources: Iterable[str]) -> bool:
    """Return whether the texts in their order contain a quotation, whatever its case, spaces and punctuation."""
    wanted = _plain(quotation)
    return bool(wanted) and wanted in "".join(_plain(source) for source in sources)


def only_tells_of_speech(text: str) -> bool:
    """Return whether a sentence says that somebody speaks, and not what about."""
    return _SPEECH.search(text) is not None and not terms(_SPEECH.sub(" ", text))


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, without separators of thousands."""
    return {_number(found) for found in _NUMBER.findall(unicodedata.normalize("NFKC", text))}


def times(text: str) -> list[str]:
    """Return times and durations of a text, as they are written."""
    return _TIME.findall(unicodedata.normalize("NFKC", text))


def terms(text: str) -> frozenset[str]:
    """Return what the words of a text have in common with their other forms: starts of words, and pairs of characters.

    Words of English that say nothing are left out.
    """
    text = simplified(unicodedata.normalize("NFKC", text))
    latin = (word.casefold().replace("\u2019", "'") for word in LATIN_WORD.findall(text))
    found = {_stem(word) for word in latin if len(word) >= _MIN_WORD and word not in ENGLISH}
    for run in _DENSE.findall(text):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
        if len(run) == 1 and "\u4e00" <= run <= "\u9fff":
            found.add(run)
    return frozenset(found - _COMMON_PAIRS)


def shares_words(text: str, source: str) -> bool:
    """Return whether a text has a word of a source. If all words of the source say nothing, any of them counts."""
    wanted = terms(source)
    if wanted:
        return bool(terms(text) & wanted)
    return not _all_words(source).isdisjoint(_all_words(text)) or not _all_words(source)


def _all_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _stem(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) >= len(one) + _MIN_WORD), "")
    return word.removesuffix(ending)[:_STEM]


def size(text: str) -> int:
    """Return the number of words of a text, by spaces, or by pairs of characters in a script without them."""
    spaced = len(re.findall(r"[\w'\u2019-]*[A-Za-z0-9\u00c0-\u024f\uac00-\ud7a3][\w'\u2019-]*", text))
    dense = len(re.findall("[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff]", text))
    return max(spaced, dense // 2) if dense else spaced


def holds(text: str, names: Sequence[str]) -> list[str]:
    """Return those names that occur in a text as words of their own."""
    folded = unicodedata.normalize("NFKC", text)
    return [name for name in names if name in folded and _is_word(name, folded)]


def _is_word(name: str, text: str) -> bool:
    """Return whether a name is a word in a text. In Korean, a particle may follow it."""
    if LATIN_WORD.match(name):
        return re.search(rf"(?<!\w){re.escape(name)}(?![A-Za-z])", text) is not None
    return re.search(rf"(?<![\uac00-\ud7a3]){re.escape(name)}", text) is not None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _number(text: str) -> str:
    # 1,000 is 1000, and 1,5 stays.
    return re.sub(r",(?=\d{3}\b)", "", text)
