"""Other forms of runs of Korean, Japanese and Chinese characters. Pure.

Korean words are written with a space or without one, and with particles. Japanese words are written in either kana,
with new or old forms of characters, and with marks that repeat one. Traditional Chinese characters are folded to
simplified ones before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.index.tokens import PhraseTerm, phrase_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Folded pairs of OpenCC (Apache-2.0): the form of other scripts, and the Japanese one where it differs.
_OTHERS: Final = (
    "乘亚佛假传价俭儿两剩剑剂劳勋劝卷单啮严圈围圆图团增压垒坏壤壹奖娘实宽专对岩巢带废广厅弹从征德惠恶恼应怀战戏户戾拂"
    "拔拜插揭搔摇搜择击据扩摄搅收效敕晚晓曾枡栈荣乐样检樱权欢步岁历归每气污涉泪净渴溪满涩泽济滨泷濑烧营牺猎兽叠痹瘦发"
    "碎稻颖穗稳穰粹丝经緖缘县纵总绣绳绘继续纤缺罐聪听肃脑脏举庄薰藏艺药处萤蜡觉览观译读变让丰贰卖赖赞轻转递迟边乡醉酱"
    "酿释钱炼铁铸鑛关陷险隐杂鸡霸灵显骚驱验驿髓斗鳖鸥碱盐黑默齐斋齿龄龙龟邻"
)
_JAPANESE: Final = (
    "乗亜仏仮伝価倹児両剰剣剤労勲勧巻単噛厳圏囲円図団増圧塁壊壌壱奨嬢実寛専対巌巣帯廃広庁弾従徴徳恵悪悩応懐戦戯戸戻払"
    "抜拝挿掲掻揺捜択撃拠拡摂撹収効勅晩暁曽桝桟栄楽様検桜権歓歩歳歴帰毎気汚渉涙浄渇渓満渋沢済浜滝瀬焼営犠猟獣畳痺痩発"
    "砕稲颕穂穏穣粋糸経绪縁県縦総繍縄絵継続繊欠缶聡聴粛脳臓挙荘薫蔵芸薬処蛍蝋覚覧観訳読変譲豊弐売頼賛軽転逓遅辺郷酔醤"
    "醸釈銭錬鉄鋳鉱関陥険隠雑鶏覇霊顕騒駆験駅髄闘鼈鴎鹸塩黒黙斉斎歯齢竜亀隣"
)
_TO_JAPANESE: Final = str.maketrans(_OTHERS, _JAPANESE)
_FROM_JAPANESE: Final = str.maketrans(_JAPANESE, _OTHERS)
_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
_TO_HIRAGANA: Final = str.maketrans(_KATAKANA, _HIRAGANA)
_TO_KATAKANA: Final = str.maketrans(_HIRAGANA, _KATAKANA)
_REPEATED = re.compile(r"([\u4e00-\u9fff])\u3005")
_TWICE = re.compile(r"([\u4e00-\u9fff])\1")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
# Japanese particles behind ideographs or katakana.
_JAPANESE_WORD = re.compile(
    "([\u30a1-\u30fa\u30fc\u4e00-\u9fff\u3005]{2,})(?:\u306f|\u304c|\u3092|\u306b|\u3067|\u3068|\u306e|\u3082|\u3078|\u304b\u3089|\u307e\u3067|\u3088\u308a|\u3067\u306f|\u306b\u306f)"
)
_MIN_STEM = 2
_FIRST_SYLLABLE, _FINALS, _RIEUL = 0xAC00, 28, 8

_CLEAR_PARTICLES = """
    을 를 은 는 에 에서 에게 에는 에도 에서는 에서도 에서의 에게서 에게는
    으로 으로는 으로도 으로서 으로써 로서 로써 로는
    까지 까지는 부터 에서부터 처럼 보다 한테 한테서 께서 조차 마저 밖에 하고 이랑 이나 이든 이라도
"""
_DOUBTFUL_PARTICLES = "이 가 도 만 로 와 과 의 랑"
_ONE_SYLLABLE: Final = [one for one in (_CLEAR_PARTICLES + _DOUBTFUL_PARTICLES).split() if len(one) == 1]
_AFTER_CONSONANT = "을 은 이 과 으로 으로는 으로도 으로서 으로써 이랑 이나 이든 이라도"
_AFTER_VOWEL = "를 는 가 와 랑"
_AFTER_VOWEL_OR_L = "로 로서 로써 로는"
# Whether each particle follows a final consonant, a vowel, or the consonant of L.
_FOLLOWS: Final = {
    **dict.fromkeys(_AFTER_CONSONANT.split(), (True, False, True)),
    **dict.fromkeys(_AFTER_VOWEL.split(), (False, True, False)),
    **dict.fromkeys(_AFTER_VOWEL_OR_L.split(), (False, True, True)),
}
_CLEAR: Final = sorted(_CLEAR_PARTICLES.split(), key=len, reverse=True)
_DOUBTFUL: Final = _DOUBTFUL_PARTICLES.split()


def is_hangul(text: str) -> bool:
    """Return whether a folded text consists of Korean syllables."""
    return _HANGUL.fullmatch(text) is not None


def stem_of(run: str) -> tuple[str, bool]:
    """Return a word without its particle, and whether that certainly is one. Return a word without one as is."""
    if found := _JAPANESE_WORD.fullmatch(run):
        return found[1], True
    if is_hangul(run):
        for particles, is_clear in ((_CLEAR, True), (_DOUBTFUL, False)):
            for particle in particles:
                stem = run.removesuffix(particle)
                if stem != run and len(stem) >= _MIN_STEM and _can_follow(stem, particle):
                    return stem, is_clear
    return run, True


def equal_runs(run: str) -> list[str]:
    """Return other forms of a run that have as many characters."""
    found = {run: None}
    for variant in (_TO_JAPANESE, _FROM_JAPANESE):
        found[run.translate(variant)] = None
    for one in list(found):
        found[_REPEATED.sub(r"\1\1", one)] = None
        found[_TWICE.sub("\\1\u3005", one)] = None
    for one in list(found):
        found[one.translate(_TO_HIRAGANA)] = None
        found[one.translate(_TO_KATAKANA)] = None
    return [one for one in found if one != run]


def spaced_forms(run: str, following: str = "") -> Iterator[tuple[PhraseTerm, ...]]:
    """Yield a Korean run as it is written with a space at each place in it.

    ``following`` is the character after the run. Without one, the last word may have a particle.
    """
    if not is_hangul(run):
        return
    for at in range(1, len(run)):
        left = (*phrase_of(run[:at])[: at - 1], PhraseTerm(run[at - 1], at - 1))
        right = run[at:]
        if following:
            ends = [right + following]
        else:
            ends = [right] if len(right) > 1 else [right, *(right + particle for particle in _ONE_SYLLABLE)]
        for end in ends:
            terms = (end[place : place + 2] for place in range(max(1, len(end) - 1)))
            yield (*left, *(PhraseTerm(term, at + place) for place, term in enumerate(terms)))


def _can_follow(stem: str, particle: str) -> bool:
    consonant, vowel, rieul = _FOLLOWS.get(particle, (True, True, True))
    final = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS
    if final == 0:
        return vowel
    return rieul if final == _RIEUL else consonant
