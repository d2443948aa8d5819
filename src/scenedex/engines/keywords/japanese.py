"""Nouns of Japanese texts: runs of ideographs and katakana, distinguished from verbs by the kana that follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords.stopwords import JAPANESE

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3006"
_KATAKANA = "\u30a1-\u30fa\u30fc\uff66-\uff9f"
_RUN = re.compile(rf"[{_IDEOGRAPH}{_KATAKANA}\u30fb]+")
_ALONE = re.compile("[はがをも](?![ぁ-ん]?[っりるれ])")
"""Particles after which a single ideograph is a noun."""

_PARTICLES = re.compile(
    "$|[^\u3041-\u3096]"
    "|は|が(?![るりっられ])|を|に|へ|と|で|の|も|や|から|まで|より|なら|など|な(?![いかくけっ])|だ|か(?![らりるれっ])"
    "|さん|さま|くん|ちゃん|って|ね|よ"
)
_VERBAL = re.compile("[しすさせ]")
_TIMES = re.compile("[0-9\uff10-\uff19一二三四五六七八九十百千万]+[年月日時分秒人回度円個本号]")
_ENDINGS = re.compile("(?:選手|知事|首相|大臣|社長|監督|記者|容疑者|被告|教授|氏)$")
_MIN_NAME: Final = 3
_LONGEST: Final = 12


def japanese_nouns(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the nouns of a text in order: position, noun, and whether it is the name of a person with a title."""
    for run in _RUN.finditer(text):
        word = run.group().strip("\u30fb").lstrip("\u30fc")
        if not word or len(word) > _LONGEST or word in JAPANESE or _TIMES.fullmatch(word):
            continue
        start = run.start() + run.group().index(word)
        if len(word) == 1:
            if _ALONE.match(text, run.end()) and not re.match(f"[{_KATAKANA}]", word):
                yield start, word, False
            continue
        if not _PARTICLES.match(text, run.end()):
            continue
        titled = _ENDINGS.search(word)
        if titled is not None and titled.start() >= _MIN_NAME:
            yield start, word[: titled.start()], True
            continue
        yield start, word, False
