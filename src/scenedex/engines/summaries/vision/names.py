"""Words of sentences that look like names. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import rjieba

from scenedex.engines.keywords import bundled_vocabulary, english_words, stopwords
from scenedex.engines.summaries.vision.languages import LATIN_WORD, simplified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.engines.summaries.port import SummaryLocale


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that are written with a capital although they name nobody and no place.
_CAPITALISED: Final = _words(
    """
    i i'm i'd i'll i've tv led cd dvd pc ok id 3d hd vr ai usb dj suv atm
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    """
)
# Words with which descriptions of scenes begin, beside those of the vocabulary of keywords.
_OPENERS: Final = _words(
    """
    adult adults announcer anchor animal animals animation applause artist athlete athletes audience author background
    band beach bicyclist bird birds black boat boats bright broadcast building buildings bus caller camera candidate
    caption captions car cars cartoon cat cats cattle chairs chart charts child children city close closing clouds
    colourful colorful commentator commentators conversation cyclist cyclists dancer dancers dark darkness daylight deer
    dialogue documents dog dogs driver drivers employee employees engineer engineers everyday everyone fans farmers film
    fire fireworks fish flag flags flames flowers footage forest four graphic graphics grass guest guests hand hands
    headline headlines horse horses host hosts house houses ice image images indoor indoors interviewer interviewee
    journalist journalists kids lake laughter leaves letters light lighting lights line lines logo lyrics machinery man
    map maps market meeting men microphone microphones moderator mountain mountains movie music musician musicians
    narration narrator neon nobody numbers ocean officer officers onlookers onscreen outdoor outdoors painting panelist
    panelists papers passengers passersby pedestrian pedestrians performer performers person persons photo photographs
    photographer photographers photos picture pictures plants player players police politician politicians president
    presenter presenters protester protesters pupils rain reporter reporters rock rocks runner runners sand scene scenes
    scientist scientists screen sea shadow shadows ships shop shops shoppers sign signs silhouette silhouettes singer
    singers sky slide slides smoke snow soldier soldiers song sound sounds speaker speakers speech spectator spectators
    stage stars steam street streets student students subtitle subtitles sun sunlight sunset surfers table tables
    teacher teachers team teams teenager teenagers text texts title titles tourist tourists tower traffic train trains
    trees truck trucks vehicle vehicles video viewers visitors vocalist voice voices voiceover volunteers waiter waiters
    visible walls water waves wind window windows woman women word words worker workers writing written
    audible seen shown heard
    """
)
_MIN_ENDING: Final = 6
_ENDINGS: Final = ("ing", "ly", "tion", "ness", "ed")
# 김민수 씨, 이영희 기자: a family name and two syllables, before a title.
_KOREAN_NAME: Final = re.compile(
    "(?<![가-힣])([김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염추"
    "도소석선설마길연위표명기반왕옥육인맹제모탁국어은편용][가-힣]{2})"
    "\\s?(?:씨|님|대통령|의원|장관|회장|교수|박사|선수|감독|기자|총리|후보|대표|위원장|앵커|변호사|배우|가수)"
)
_KOREAN_GROUPS: Final = ("인", "자", "원", "생", "들")
# 田中さん, ジョー・バイデン, オバマ大統領
_JAPANESE_NAMES: Final = (
    re.compile("([\u30a1-\u30fa\u30fc]{2,}(?:[・=\uff1d][\u30a1-\u30fa\u30fc]{2,})+)"),
    re.compile("([\u4e00-\u9fff々]{2,4}|[\u30a1-\u30fa\u30fc]{2,})(?:さん|氏)"),
    re.compile("([\u30a1-\u30fa\u30fc]{2,})(?:大統領|首相|選手|監督|教授|議員|記者)"),
)
_JAPANESE_GROUPS: Final = _words(
    "皆 母 父 兄 姉 客 娘 息子 奥 医者 店員 看護師 運転手 司会者 出演者 参加者 スタッフ ファン"
)
# 贝拉克·奥巴马: where the name begins and ends is not known.
_FOREIGN_CHINESE_NAME: Final = re.compile("[\u4e00-\u9fff][·・‧][\u4e00-\u9fff]")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:]\s+|[\"“(]\s*)$")


def names_in(text: str, locale: SummaryLocale) -> Iterator[str]:
    """Yield the words of a sentence that look like names, as they are written.

    In English these are capitalised words, and an unknown word at the start. In the other languages they are words in
    Latin letters with a capital, words before a title, and in Chinese the names that a dictionary tells.
    """
    yield from _latin_names(text, is_english=locale == "en-US")
    match locale:
        case "en-US":
            return
        case "ko-KR":
            yield from (name for name in _KOREAN_NAME.findall(text) if not name.endswith(_KOREAN_GROUPS))
        case "ja-JP":
            for pattern in _JAPANESE_NAMES:
                yield from (name for name in pattern.findall(text) if name not in _JAPANESE_GROUPS)
        case "zh-CN" | "zh-TW":
            yield from _chinese_names(text)


def _latin_names(text: str, *, is_english: bool) -> Iterator[str]:
    for match in LATIN_WORD.finditer(text):
        word = re.sub("['\u2019]s?$", "", match.group())
        if word.islower() or word.casefold() in _CAPITALISED:
            continue
        is_first = is_english and _SENTENCE_START.search(text[: match.start()]) is not None
        if not (is_first and _is_common(word.casefold())):
            yield word


def _chinese_names(text: str) -> Iterator[str]:
    yield from _FOREIGN_CHINESE_NAME.findall(text)
    plain = simplified(text)
    place = 0
    for found, kind in rjieba.tag(plain if len(plain) == len(text) else text):
        start, place = place, place + len(found)
        if kind.startswith("nr") and len(found) > 1:
            yield text[start:place]


def _is_common(word: str) -> bool:
    """Return whether an English word at the start of a sentence is none that looks like a name."""
    if word in _common_words() or any(word.removesuffix(end) in _common_words() for end in ("s", "es", "'s")):
        return True
    return len(word) >= _MIN_ENDING and word.endswith(_ENDINGS)


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    vocabulary = {word.casefold() for label in bundled_vocabulary() for word in label.split()}
    listed = (
        english_words.ADJECTIVES,
        english_words.ADVERBS,
        english_words.DETERMINERS,
        english_words.NUMBERS,
        english_words.PREPOSITIONS,
        english_words.VERBS_AND_NOUNS,
        stopwords.ENGLISH,
        _OPENERS,
    )
    return frozenset(vocabulary.union(*listed))
