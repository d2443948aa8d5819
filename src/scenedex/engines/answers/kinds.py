"""Check whether a passage has the kind of answer that a question expects. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.engines.answers.topics import Expected, language_of
from scenedex.engines.answers.words import NUMBER_WORDS, english_words, folded, same
from scenedex.engines.keywords.stopwords import ENGLISH
from scenedex.engines.summaries.composed_speech import speaker_name
from scenedex.engines.summaries.vision.names import names_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scenedex.engines.answers.port import EvidencePassage
    from scenedex.engines.answers.topics import Language, QuestionParts
    from scenedex.engines.summaries.port import SummaryLocale

_LOCALES: Final[Mapping[Language, SummaryLocale]] = {"en": "en-US", "ko": "ko-KR", "ja": "ja-JP", "zh": "zh-CN"}
_DIGIT: Final = re.compile(r"\d")
_DENSE_NUMBER: Final = re.compile(
    "[一二三四五六七八九十百千万億亿两]+(?:人|个|個|回|本|枚|年|月|日|号|時|时|点|分|秒|円|元|块|歳|岁|つ|次|百|千|万|%|度|名|国|家|倍|成|割|天|周)"
    "|(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무|[일이삼사오육칠팔구십백천만억]+) ?"
    "(?:명|개|번|사람|마리|대|시|살|잔|병|권|장|분|가지|년|월|일|초|원|배|퍼센트|프로|세|층|호|억|만|천)"
    "|하나|둘|셋|넷|절반|半分|一半"
)
_ENGLISH_NUMBER: Final = frozenset(NUMBER_WORDS) | {"half", "dozen", "percent"}
_TIME: Final = re.compile(
    r"\b(?:1[0-9]|20)\d\d\b|\d{1,2}:\d\d|\d+ ?(?:am|pm|a\.m|p\.m|o'clock)"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|today|tomorrow|yesterday|tonight|morning|afternoon|evening|night|noon|midnight"
    r"|century|decade|spring|summer|autumn|winter|ago|weeks?|months?|years?)\b|\bin may\b"
    r"|\b(?:at|by|until|till|from|past) (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    "|[0-9일이삼사오육칠팔구십]+ ?(?:년|월|일|시|세기)|오늘|내일|어제|아침|저녁|새벽|오전|오후|지난"
    "|내년|작년|올해|요일|주말"
    "|[0-9一二三四五六七八九十]+(?:年|月|日|号|時|时|点|世紀|世纪)|今日|明日|昨日|朝|夜|午前|午後|去年|来年|今年|曜日|今天|明天|昨天|早上|晚上|上午|下午"
    "|中午|星期|周[一二三四五六日]"
)
_PLACE: Final = re.compile(
    r"\b(?:in|at|from|to|near|inside|outside|under|over|across|through|behind|beside|between|on|into|around)"
    r"\s+(?:the |a |an |my |our )?\w{3,}"
    "|[가-힣]{2,}(?:에서|에게서|에는|에|으로|로|역|시|도|군|구|동|산|강|섬|나라|학교|공항|호텔|식당|회사)(?![가-힣])"
    "|[\u3400-\u9fff\u30a1-\u30fa\u30fc](?:で|に|へ|から|市|県|駅|町|村|国|島|山|校)"
    "|[在到从于].{0,6}[\u4e00-\u9fff]{2}|[\u4e00-\u9fff]{2,}(?:省|市|县|区|国|州|镇|村|路|街|站|楼|院|校|岛|山|江|湖)"
)
_REASON: Final = re.compile(
    r"\bbecause\b|\bsince\b|\bdue to\b|\bin order to\b|\bso that\b|\breason\b|\btherefore\b|\bthat's why\b"
    r"|\bas a result\b"
    "|때문|위해|위하여|이유|까봐|므로|니까|덕분|탓|그래서|따라서|해서|어서|아서"
    "|から|ため|ので(?!あ|す)|理由|おかげ|せい|だから|因为|由于|为了|所以|因此|原因|既然"
)
_ANY_NUMBER: Final = (
    "(?:[0-9][0-9.,]*|[一二三四五六七八九十百千万億亿两]+|한|두|세|네|다섯|여섯|일곱|여덟|아홉|"
    "열|스무|[일이삼사오육칠팔구십백천만]+)"
)
_COUNTED: Final = re.compile("(?:몇|何|几) ?([^\\s]{1,3})")
_PRICE: Final = re.compile("얼마(?!나)|いくら|多少钱")
_PRICE_ENGLISH: Final = re.compile(r"how (?:much|expensive)|price|cost")
_MONEY: Final = re.compile(
    r"[$€£¥₩]|\b(?:dollars?|euros?|pounds?|yen|won|cents?|yuan|bucks?)\b|\\d ?%|percent"
    "|[0-9백천만억] ?(?:원|달러|유로|엔)|[0-9一二三四五六七八九十百千万億亿] ?(?:円|元|块|美元|ドル|ユーロ|欧元|日元)"
)
_MEASURES: Final = {
    "how old": re.compile(r"\byears?\b|\bold\b|\bage\b"),
    "how long": re.compile(
        r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur\w+|met(?:er|re)s?|km)\b"
    ),
    "how far": re.compile(r"\b(?:km|kilomet\w+|miles?|met(?:er|re)s?|feet|blocks?|minutes?|hours?)\b|\dkm"),
}
_PLACE_NAME: Final = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Ff]rom|[Tt]o|[Nn]ear) (?:the )?[A-Z]\w+"
    "|[가-힣]{2,}(?:시|도|군|구|동|역|산|강|섬|나라|학교|공항|호텔)(?:[에은는이가를을의로]|에서|$)"
    "|[\u3400-\u9fff\u30a1-\u30fa\u30fc](?:市|県|駅|町|村|国|島|省|县|区|州|镇|路|街|站|岛)"
)
"""Names of places, and not only words that say where."""

_WEIGHED: Final = {
    "重": re.compile("克|公斤|斤|kg|kilo|キロ|グラム"),
    "长": re.compile("米|分钟|小时|秒|天|年|月"),
    "久": re.compile("分钟|小时|秒|天|年|月"),
    "高": re.compile("米|メートル"),
    "远": re.compile("米|公里"),
    "大": re.compile("岁|平方|寸"),
}
"""Units of measures that Chinese questions name."""

_SIGNS: Final = {Expected.TIME: _TIME, Expected.REASON: _REASON}


def has_answer(passage: EvidencePassage, text: str, question: QuestionParts) -> bool:
    """Return whether words of a passage, or of its neighbours, have the kind of answer that a question expects."""
    kind, has = question.expected, True
    match kind:
        case Expected.SPEAKER | Expected.PERSON:
            has = bool(_new_names(passage, text if kind is Expected.PERSON else "", question))
        case Expected.NUMBER:
            has = _has_number(text, question)
        case Expected.PLACE:
            has = _has_place(text, question)
        case Expected.ANYTHING:
            has = says_more(text, question)
        case Expected.TIME | Expected.REASON:
            has = _SIGNS[kind].search(folded(text)) is not None
        case Expected.MOMENT | Expected.DECISION:
            pass
    return has


def _has_place(text: str, question: QuestionParts) -> bool:
    # One word is not enough to tell whose place it is.
    about = [topic for topic in question.topics if not topic.is_needed]
    return _PLACE_NAME.search(text) is not None or (len(about) > 1 and _PLACE.search(folded(text)) is not None)


def says_more(text: str, question: QuestionParts) -> bool:
    """Return whether a text has words beyond those of the question."""
    topics = [topic.text for topic in question.topics]
    plain = folded(text)
    content = [word for word in english_words(text) if word not in ENGLISH and len(word) > 1]
    if any(not any(same(word, topic) for topic in topics) for word in content):
        return True
    for topic in topics:
        plain = plain.replace(topic, " ")
    return re.search("[\uac00-\ud7a3]{2,}|[\u30a1-\u30fa\u3400-\u9fff]{2,}|[\u3400-\u9fff]", plain) is not None


def _new_names(passage: EvidencePassage, text: str, question: QuestionParts) -> set[str]:
    """Return names that the question does not have: those in a text, of the speaker, or of who is seen."""
    asked = {topic.text for topic in question.topics}
    found = set(names_in(text, _LOCALES[language_of(text)])) if text else set[str]()
    found.update(name for name in (speaker_name(passage.speaker) if passage.speaker else None, *passage.names) if name)
    return {name for name in found if not _is_asked(folded(name), asked)}


def _is_asked(name: str, asked: Collection[str]) -> bool:
    return name in asked or all(part in asked for part in name.split())


def _has_number(text: str, question: QuestionParts) -> bool:
    """Return whether a text has a number of what the question counts, which is not a number of the question."""
    asked = {topic.text for topic in question.topics}
    plain = folded(text)
    if _PRICE.search(question.asks_for) or _PRICE_ENGLISH.search(question.asks_for):
        return _MONEY.search(plain) is not None
    measure = next((units for sign, units in _WEIGHED.items() if f"多{sign}" in question.asks_for), None)
    if measure is not None:
        return re.search(rf"{_ANY_NUMBER} ?(?:{measure.pattern})", plain) is not None
    unit = _COUNTED.search(question.asks_for)
    if unit is not None:
        return re.search(f"{_ANY_NUMBER} ?{folded(unit.group(1))}", plain) is not None
    found = english_words(text)
    numbers = [at for at, word in enumerate(found) if _is_number(word) and word not in asked]
    measures = [units for measured, units in _MEASURES.items() if measured in question.asks_for]
    if measures:
        return bool(numbers) and measures[0].search(plain) is not None
    if "how many" in question.asks_for:
        # The number is before the word that is counted.
        counted = question.asks_for.split()[-1]
        return any(same(one, counted) for at in numbers for one in found[at + 1 : at + 4])
    return bool(numbers) or _DENSE_NUMBER.search(plain) is not None


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in _ENGLISH_NUMBER
