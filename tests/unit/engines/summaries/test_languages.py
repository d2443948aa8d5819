"""Sentences of the languages: gaps, forms, lists and durations."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from scenedex.engines.keywords import bundled_vocabulary
from scenedex.engines.keywords.fastestdet import COCO_NAMES
from scenedex.engines.summaries.chinese import Chinese
from scenedex.engines.summaries.composed_language import Case, GapText
from scenedex.engines.summaries.composed_things import is_silent, known_things
from scenedex.engines.summaries.english import English
from scenedex.engines.summaries.japanese import Japanese
from scenedex.engines.summaries.korean import Korean

if TYPE_CHECKING:
    from scenedex.engines.summaries.composed_language import Language

LANGUAGES: dict[str, Language] = {
    "en-US": English(),
    "ko-KR": Korean(),
    "ja-JP": Japanese(),
    "zh-CN": Chinese(is_traditional=False),
    "zh-TW": Chinese(is_traditional=True),
}
# Sentences that go on about the person of the one before need no subject in these languages alone.
WITHOUT_SUBJECT = {Case.SAYS_ON, Case.ASKS_ON}
SCRIPTS = {
    "en-US": "[A-Za-z]",
    "ko-KR": "[가-힣]",
    "ja-JP": "[ぁ-ゖァ-ヺ一-鿿]",
    "zh-CN": "[一-鿿]",
    "zh-TW": "[一-鿿]",
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_case_has_sentences_in_every_language(locale: str) -> None:
    missing = {case for case in Case if not LANGUAGES[locale].sentences.get(case)}

    assert missing <= (WITHOUT_SUBJECT if locale == "en-US" else set())


@pytest.mark.parametrize("locale", LANGUAGES)
def test_sentences_have_the_gaps_of_their_case_and_no_others(locale: str) -> None:
    for case, sentences in LANGUAGES[locale].sentences.items():
        allowed = set(re.findall(r"\{(\w+)\}", case.value))
        needed = allowed - {"lead", "time", "shots", "who", "others", "all"}
        for sentence in sentences:
            gaps = {name for _, name, _, _ in Formatter().parse(sentence) if name}
            assert gaps <= allowed, (case, sentence)
            assert needed <= gaps, (case, sentence)


FORMS = {
    "en-US": {".", ","},
    "ko-KR": {".", "이", "은", "을", "과", "으로", "이라고", "이라는", "이다", "인"},
    "ja-JP": set[str](),
    "zh-CN": {"。", "，"},
    "zh-TW": {"。", "，"},
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_gaps_have_forms_that_their_language_knows(locale: str) -> None:
    found = {
        form
        for sentences in LANGUAGES[locale].sentences.values()
        for sentence in sentences
        for _, _, form, _ in Formatter().parse(sentence)
        if form
    }

    assert found <= FORMS[locale]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_sentence_is_there_twice_and_all_are_of_the_script(locale: str) -> None:
    language = LANGUAGES[locale]
    for case, sentences in language.sentences.items():
        assert len(set(sentences)) == len(sentences), case
        for sentence in sentences:
            words = re.sub(r"\{[^}]*\}", "", sentence)
            assert not re.search("[A-Za-z]", words) or locale == "en-US", sentence
            assert re.search(SCRIPTS[locale], words) or case is Case.SAYS, sentence


def test_traditional_sentences_have_no_simplified_characters() -> None:
    text = "".join("".join(sentences) for sentences in LANGUAGES["zh-TW"].sentences.values())

    assert not set("这说话来时对里长开声画见听识别间场过")& set(text)  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "parts", "expected"),
    [
        ("en-US", ["Anna", "Tom"], "Anna and Tom"),
        ("en-US", ["Anna", "Tom", "Omar"], "Anna, Tom and Omar"),
        ("ko-KR", ["박준", "김서연"], "박준과 김서연"),
        ("ko-KR", ["김지수", "박준"], "김지수와 박준"),
        ("ko-KR", ["김지수", "박준", "최민"], "김지수, 박준, 최민"),
        ("ja-JP", ["佐藤", "鈴木"], "佐藤と鈴木"),
        ("ja-JP", ["「港」", "「市場」"], "「港」「市場」"),
        ("zh-CN", ["李娜", "王芳", "赵一"], "李娜、王芳和赵一"),
        ("zh-CN", ["“港口”", "“市场”"], "“港口”“市场”"),
    ],
)
def test_lists_follow_the_language(locale: str, parts: list[str], expected: str) -> None:
    assert LANGUAGES[locale].listed(parts) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.2, ("1 second", "1초", "1秒", "1秒")),
        (12.4, ("12 seconds", "12초", "12秒", "12秒")),
        (60, ("1 minute", "1분", "1分", "1分钟")),
        (80, ("1 minute and 20 seconds", "1분 20초", "1分20秒", "1分20秒")),
        (3_601, ("60 minutes", "60분", "60分", "60分钟")),
    ],
)
def test_durations_follow_the_language(seconds: float, expected: tuple[str, ...]) -> None:
    assert tuple(LANGUAGES[one].time(seconds) for one in ("en-US", "ko-KR", "ja-JP", "zh-CN")) == expected


@pytest.mark.parametrize(
    ("locale", "sentence", "expected"),
    [
        ("en-US", "{q:.}", "“We sail”."),
        ("en-US", "{s:.}", "“Do we sail?”"),
        ("en-US", "{s:,} asks Anna.", "“Do we sail?” asks Anna."),
        ("en-US", "{q:,} says Anna.", "“We sail”, says Anna."),
        ("ko-KR", "{q:이라고}", "“We sail”이라고"),
        ("ja-JP", "{q}", "「We sail」"),
        ("zh-CN", "{q:。}", "“We sail”。"),
        ("zh-CN", "{z:。}", "“今晚出海。”"),
        ("zh-CN", "{z:，}李娜说。", "“今晚出海”，李娜说。"),
        ("zh-TW", "{z:。}", "「今晚出海。」"),
    ],
)
def test_quotes_have_the_marks_of_the_language(locale: str, sentence: str, expected: str) -> None:
    inflect = LANGUAGES[locale].inflect
    quotes = {"q": "We sail", "s": "Do we sail?", "z": "今晚出海"}
    gaps = {name: GapText(text, inflect, is_quote=True) for name, text in quotes.items()}

    assert sentence.format(**gaps) == expected


def test_every_keyword_of_the_engines_has_names_or_is_never_said() -> None:
    keywords = {*bundled_vocabulary(), *COCO_NAMES}

    assert all((keyword in known_things()) != is_silent(keyword) for keyword in keywords)


@pytest.mark.parametrize("keyword", ["person", "woman", "soldier", "kissing", "gun", "crying"])
def test_keywords_about_persons_are_never_said(keyword: str) -> None:
    assert is_silent(keyword)
