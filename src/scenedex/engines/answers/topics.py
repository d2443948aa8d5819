"""Questions: the kind of answer that they expect, and the words that say what they are about. Pure.

Korean, Japanese, Chinese and English are told by their script. Words of other languages in Latin letters are compared
as English ones are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal

import rjieba

from scenedex.engines.answers import words
from scenedex.engines.keywords.korean import korean_nouns
from scenedex.engines.keywords.stopwords import CHINESE, ENGLISH, JAPANESE, KOREAN, KOREAN_NOUNS_LIKE_PARTICLES
from scenedex.engines.summaries.vision.languages import LATIN_WORD, simplified
from scenedex.engines.summaries.vision.names import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.engines.summaries.port import SummaryLocale

Language = Literal["en", "ko", "ja", "zh"]


class Expected(Enum):
    """Kind of answer that a question expects."""

    PERSON = "a name"
    SPEAKER = "the name of who says something"
    TIME = "a date or a time"
    MOMENT = "the time at which something is said or seen in a film"
    NUMBER = "a number"
    PLACE = "a place"
    REASON = "a reason"
    DECISION = "yes or no"
    ANYTHING = "anything else"


@dataclass(frozen=True, slots=True)
class Topic:
    """A word that says what a question is about.

    Attributes:
        text: the word, folded and without endings.
        weight: share of it in the question, compared with other words.
        is_needed: whether an answer must be about it: it is a name or a number.
    """

    text: str
    weight: float = 1.0
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class QuestionParts:
    """A question in parts.

    Attributes:
        is_about_speech: whether it asks what is said, shown or written.
        asks_for: words that ask for a number or a time, such as "how many" and "何人", else empty.
    """

    language: Language
    expected: Expected
    topics: tuple[Topic, ...]
    is_about_speech: bool
    asks_for: str = ""


_NAME: Final = 2.0
_ACTION: Final = 0.5
_SHORT: Final = 0.4
_MAX_TOPICS: Final = 16
_HANGUL: Final = re.compile("[\uac00-\ud7a3]+")
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_IDEOGRAPHS: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]+")
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc]{2,}")
_SHORT_KOREAN: Final = re.compile("[\uac00-\ud7a3][는을를가]")
_JAPANESE_PARTICLES: Final = frozenset("はがをにでのへともや")
_DIGITS: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_LOCALES: Final[Mapping[Language, SummaryLocale]] = {"en": "en-US", "ko": "ko-KR", "ja": "ja-JP", "zh": "zh-CN"}

_EXPECTED: Final[Mapping[Language, Sequence[tuple[Expected, re.Pattern[str]]]]] = {
    "en": (
        (
            Expected.PERSON,
            re.compile(r"\b(?:who|whom|whose)\b|\bwh(?:at|ich)(?:'s| is| was| are)? (?:\w+ ){0,3}names?\b"),
        ),
        (
            Expected.TIME,
            re.compile(r"\bwhen\b|\b(?:what|which) (?:year|month|date|day|time|century|decade|hour|season|weekday)\b"),
        ),
        (
            Expected.NUMBER,
            re.compile(
                r"\bhow many(?: \w+)?"
                r"|\bhow (?:much|long|old|far|tall|high|big|large|often|fast|wide|deep|heavy|expensive)\b"
                r"|\bwhat (?:(?:is|are|was|were) the (?:price|cost)|number|percentage|percent|age|price|amount"
                r"|temperature|score)\b"
            ),
        ),
        (
            Expected.PLACE,
            re.compile(r"\bwhere\b|\b(?:what|which) (?:city|country|town|place|state|location|station|street)\b"),
        ),
        (Expected.REASON, re.compile(r"\bwhy\b|\bhow come\b|\bfor what reason\b")),
        (Expected.ANYTHING, re.compile(r"\b(?:what|which|how)\b")),
        (
            Expected.DECISION,
            re.compile(
                r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|am|isn't|aren't"
                r"|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|can't|won't)\b"
            ),
        ),
    ),
    "ko": (
        (Expected.PERSON, re.compile("누가|누구|누굴|이름[이은]? ?(?:뭐|무엇)")),
        (Expected.TIME, re.compile("언제|며칠|몇 ?(?:년|월|일|시(?!간)|세기)|무슨 ?요일|어느 ?(?:해|날)")),
        (Expected.NUMBER, re.compile("몇 ?[가-힣]?|얼마나?")),
        (Expected.PLACE, re.compile("어디|어느 ?(?:나라|도시|곳|역|지역)|무슨 ?(?:역|도시|나라)")),
        (Expected.REASON, re.compile("왜|어째서|이유")),
        (Expected.ANYTHING, re.compile("무엇|무슨|뭐|뭘|뭔|어떤|어떻|어느")),
        (Expected.DECISION, re.compile("(?:까|나요|가요|니|어요|아요|해요|지요|죠)[?]?\\s*$")),
    ),
    "ja": (
        (Expected.PERSON, re.compile("誰|だれ|どなた|名前は?(?:何|なに|なん)|何という(?:人|名)")),
        (Expected.TIME, re.compile("いつ|何(?:年|月|日|時(?!間)|曜日|世紀)")),
        (
            Expected.NUMBER,
            re.compile(
                "いくつ|いくら|どれくらい|どのくらい|何(?:人|個|回|本|枚|匹|台|円|分|秒|時間|歳|才|パーセント|つ)"
            ),
        ),
        (Expected.PLACE, re.compile("どこ(?!まで)|どちら|どの(?:国|町|街|都市|場所)|何(?:県|市|駅)")),
        (Expected.REASON, re.compile("なぜ|何故|どうして|理由")),
        (Expected.ANYTHING, re.compile("何|なに|なん|どんな|どの|どう|どれ")),
        (Expected.DECISION, re.compile("(?:か|の)[?。]?\\s*$")),
    ),
    "zh": (
        (Expected.PERSON, re.compile("谁|哪位|叫什么名字|名字(?:是|叫)什么|什么人")),
        (Expected.TIME, re.compile("什么时候|何时|哪(?:一)?年|哪(?:一)?天|几(?:月|号|点|时)|什么时间|时间是")),
        (Expected.NUMBER, re.compile("多少钱|多少|几(?!乎).?|多(?:长|久|大|高|远|重)")),
        (Expected.PLACE, re.compile("哪里|哪儿|什么地方|哪(?:个)?(?:国家|城市|国|市|地方)|何处")),
        (Expected.REASON, re.compile("为什么|为何|为啥|原因")),
        (Expected.ANYTHING, re.compile("什么|怎么|怎样|如何|哪|啥")),
        (Expected.DECISION, re.compile("吗|是否|是不是|有没有|能不能|会不会")),
    ),
}
_SPEECH: Final[Mapping[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:sa(?:y|ys|id|ying)|mention\w*|talk\w*|speak\w*|spoke\w*|tell\w*|told|discuss\w*|hear\w*|appear\w*|seen?"
        r"|show\w*"
        r"|visible|written|read\w*|screen|utter\w*|quot\w*|ask\w*|about)\b"
    ),
    "ko": re.compile(
        "말하|말했|말한|말을|언급|이야기|얘기|나오|나와|나옵|등장|보이|보입|적혀|쓰여|쓰인|들리|화면|자막"
        "|내용|에 대해|에 관해"
    ),
    "ja": re.compile("言|話し|話す|語|述べ|触れ|出て|登場|映|見え|表示|書かれ|画面|字幕|聞こえ|について|内容"),
    "zh": re.compile("说|提到|提及|谈|讲|出现|看到|看见|显示|写着|写的|屏幕|画面|字幕|听到|关于|内容"),
}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY_ENGLISH: Final = ENGLISH | _set(
    """
    video videos clip clips film films movie movies scene scenes footage recording recordings speaker speakers speech
    mention mentions mentioned mentioning discuss discusses discussed describe describes described according shown
    screen appear appears appeared visible written read reads text caption captions name names named exactly
    anyone's kind type sort date year month day century time number amount percent percentage reason city country place
    state town village region location
    """
)
_EMPTY_KOREAN: Final = KOREAN | _set(
    """
    영상 비디오 동영상 장면 화면 자막 언급 등장 설명 내용 이름 이유 무슨 어떤 언제 누가 누구 어디 얼마 이야기 클립 필름
    사람들 말씀 발언 연설 여기 이것
    """
)
_EMPTY_KOREAN_ACTIONS: Final = re.compile(
    "^(?:말하|말했|말한|말합|말을|나오|나와|나옵|나왔|보이|보입|적혀|쓰여|쓰인|들리|있|없|하|했|합|되|됩|됐|된|이야|얘기|무엇|뭐|뭘|몇|왜|어떻|누굴"
    "|며칠|이라|라고|인가|입니|알려|언급|등장|설명|어느|어디|얼마|언제|누구|누가)"
)
_EMPTY_JAPANESE: Final = JAPANESE | _set(
    """
    動画 映像 画面 場面 字幕 言葉 名前 何年 何月 何日 何時 何人 何個 何回 誰 何 言 話 語 述 触 出 登場 映 見 表示 書 聞
    理由     内容 説明 人物 国 町 場所 話題 中 年 月 日 時 人 円 分
    """
)
_EMPTY_CHINESE: Final = CHINESE | _set(
    """
    视频 影片 电影 画面 镜头 字幕 屏幕 说 说话 提到 提及 谈 谈到 讲 讲到 出现 看到 看见 显示 写 写着 听到 什么 谁 哪
    哪里 哪儿 怎么 怎样 如何 为什么 为何 多少 几 吗 呢 是否 是不是 有没有 名字 叫
    叫做 人 人们 时候 时间 原因 地方 哪个
    哪些 哪位 哪年 何时 什么样
    关于 内容 里 里面 中 的 了 是 在 有 和 与 对 把 被 从 到 给 让 也 都 就 还 很 最 这 那 这个 那个
    他 她 它 我 你 我们 你们 他们 请 请问 要 会 能 可以 想 做 上 下 着 过 吧 啊 去 来 没有 不 一个 之
    """
)


def language_of(text: str) -> Language:
    """Return the language of a text by its script."""
    if _HANGUL.search(text):
        return "ko"
    if _KANA.search(text):
        return "ja"
    return "zh" if _IDEOGRAPHS.search(text) else "en"


def parse_question(question: str) -> QuestionParts:
    """Return the parts of a question."""
    language = language_of(question)
    plain = _plain(question, language)
    asked = next(((kind, match) for kind, pattern in _EXPECTED[language] if (match := pattern.search(plain))), None)
    expected = Expected.ANYTHING if asked is None else asked[0]
    unit = "" if asked is None or expected not in {Expected.NUMBER, Expected.TIME} else asked[1].group()
    is_about_speech = _SPEECH[language].search(plain) is not None
    if is_about_speech:
        expected = {Expected.PERSON: Expected.SPEAKER, Expected.TIME: Expected.MOMENT}.get(expected, expected)
    topics = list(dict.fromkeys(_topics(question, language)))[:_MAX_TOPICS]
    return QuestionParts(language, expected, tuple(topics), is_about_speech, unit)


def searched_words(question: str) -> str:
    """Return the words of a question that say what it is about, as they are written. Empty if there are none."""
    language = language_of(question)
    topics = {topic.text for topic in _topics(question, language)}
    match language:
        case "en":
            found = [word for word in question.split() if topics & set(words.english_words(word))]
        case "ko":
            found = [
                word if any(topic in word for topic in topics) else word[:2]
                for word in _HANGUL.findall(question)
                if any(topic in word or topic in unicodedata.normalize("NFD", word) for topic in topics)
            ]
        case "ja" | "zh":
            found = sorted(topics, key=words.folded(question).find)
    return " ".join(found)


def _plain(question: str, language: Language) -> str:
    # The forms of Japanese are not those of simplified Chinese.
    return words.folded(question) if language == "zh" else unicodedata.normalize("NFKC", question).casefold()


def _topics(question: str, language: Language) -> Iterator[Topic]:
    written = unicodedata.normalize("NFKC", question)
    if language == "zh":
        written = simplified(written)
    if language in {"ja", "zh"}:
        # There are no spaces around the words that ask.
        for kind, pattern in _EXPECTED[language]:
            if kind is not Expected.DECISION:
                written = pattern.sub(" ", written)
    names = {words.folded(name) for name in names_in(written, _LOCALES[language])}
    for number in _DIGITS.findall(written):
        yield Topic(number, _NAME, is_needed=True)
    yield from _of_latin(written, names)
    match language:
        case "en":
            return
        case "ko":
            yield from _of_korean(written, names)
        case "ja":
            yield from _of_japanese(written, names)
        case "zh":
            yield from _of_chinese(written, names)


def _of_latin(text: str, names: set[str]) -> Iterator[Topic]:
    for match in LATIN_WORD.finditer(text):
        word = words.folded(re.sub("['\u2019]s?$", "", match.group()))
        number = words.NUMBER_WORDS.get(word)
        if number is not None:
            yield Topic(number, _NAME, is_needed=True)
        elif word in names:
            yield Topic(word, _NAME, is_needed=True)
        elif len(word) > 1 and word not in _EMPTY_ENGLISH:
            yield Topic(word)


def _of_korean(text: str, names: set[str]) -> Iterator[Topic]:
    found = _HANGUL.findall(text)
    nouns = korean_nouns(set(found))
    for word in found:
        noun = nouns[word]
        if len(word) == 1 or noun in _EMPTY_KOREAN or word in _EMPTY_KOREAN or _EMPTY_KOREAN_ACTIONS.match(word):
            continue
        if _SHORT_KOREAN.fullmatch(word) and not word.endswith(KOREAN_NOUNS_LIKE_PARTICLES):
            # A noun of one syllable with its particle.
            yield Topic(word[0], _SHORT)
        elif noun:
            yield Topic(noun, _NAME if noun in names else 1.0, is_needed=noun in names)
        else:
            # The first two syllables of a verb, without the last consonant, are in most of its forms.
            yield Topic(words.open_syllables(word[:2]), _ACTION)


def _of_japanese(text: str, names: set[str]) -> Iterator[Topic]:
    for run in _KATAKANA.findall(text):
        yield Topic(run, _NAME if run in names else 1.0, is_needed=run in names)
    for match in _IDEOGRAPHS.finditer(text):
        run = match.group()
        word = simplified(run)
        if run in _EMPTY_JAPANESE:
            continue
        is_name = run in names
        # A single character before other kana than a particle is the start of a verb.
        is_verb = len(run) == 1 and text[match.end() : match.end() + 1] not in _JAPANESE_PARTICLES
        weight = _NAME if is_name else _ACTION if is_verb else 1.0
        yield Topic(word, weight, is_needed=is_name)


def _of_chinese(text: str, names: set[str]) -> Iterator[Topic]:
    for run in _IDEOGRAPHS.findall(simplified(text)):
        for word in rjieba.cut(run):
            if word in _EMPTY_CHINESE:
                continue
            is_name = word in names
            weight = _NAME if is_name else _SHORT if len(word) == 1 else 1.0
            yield Topic(word, weight, is_needed=is_name)
