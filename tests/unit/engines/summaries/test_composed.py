"""Summaries that are composed of evidence: nothing but what it holds, in every locale, and no smell of a template."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from typing import TYPE_CHECKING, get_args

import pytest
from benchmarks.summaries.rows import KINDS, row_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenedex.engines.engine import EngineContext
from scenedex.engines.summaries import (
    COMPOSED,
    EvidenceKeyword,
    EvidenceLine,
    EvidencePerson,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
    SceneSummary,
    SummaryLocale,
)
from scenedex.engines.summaries.composed import MOST_SENTENCES, ComposedSummariser
from scenedex.engines.summaries.composed_choice import SCENES_OF_OPENINGS, opening_of
from scenedex.engines.summaries.composed_texts import clean
from summary_evidence import line, lines, person, scene, sign, sound, thing

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCALES = get_args(SummaryLocale)
SUMMARISER = ComposedSummariser(EngineContext(COMPOSED))
QUOTED = re.compile("“([^”]*)”|「([^」]*)」")
SPACED = {"en-US", "ko-KR"}


def summary(one: SceneEvidence, locale: SummaryLocale, preceding: Sequence[SceneSummary] = ()) -> SceneSummary:
    return asyncio.run(SUMMARISER.summarise(one, locale, preceding))


def text_of(one: SceneEvidence, locale: SummaryLocale = "en-US", preceding: Sequence[SceneSummary] = ()) -> str:
    return " ".join(sentence.text for sentence in summary(one, locale, preceding).sentences)


def row_summaries(kind: str, locale: SummaryLocale, seed: int = 1) -> list[SceneSummary]:
    found: list[SceneSummary] = []
    for one in row_of(kind, locale, seed):
        found.append(summary(one, locale, found))
    return found


def letters_of(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFC", text) if character.isalnum())


# Texts of media: words of many scripts, controls, quotes and directions.
WORDS = st.one_of(
    st.sampled_from(
        [
            "Where are you?",
            "We sail tonight.",
            "어디 있어요?",
            "灯台は古い。",
            "灯塔很旧。",
            '"quoted"',
            "\u202eevil\u202c",
            "“”",
            "「",
            "」",
            "{lead}",
        ]
    ),
    st.text(max_size=30),
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
TIMES = st.tuples(st.integers(0, 9_000), st.integers(1, 9_000)).map(lambda pair: (pair[0], pair[0] + pair[1]))
NAMES = st.sampled_from(["Anna Bell", "Tom", "김서연", "佐藤健", "李娜", "X7"])
PERSONS = st.builds(EvidencePerson, st.integers(0, 99), st.one_of(st.none(), NAMES), st.tuples(TIMES))
STARTS, ENDS = st.integers(0, 9_000), st.integers(9_001, 18_000)
SPEAKERS = st.one_of(NAMES, st.just("Speaker 1"))
LINES = st.builds(EvidenceLine, st.just(1), SPEAKERS, TEXTS, st.just(""), STARTS, ENDS, st.booleans())
SHOWN = st.builds(EvidenceText, TEXTS, st.floats(0, 1), STARTS, ENDS)
SOUNDS = st.builds(EvidenceSound, st.sampled_from(["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]), STARTS, ENDS)
KEYWORDS = st.builds(
    EvidenceKeyword,
    st.sampled_from(["dog", "beach", "dancing", "person", "gun", "우주선"]),
    st.sampled_from(["OBJECT", "LABEL", "SPEECH"]),
    st.floats(0, 1),
)
SCENES = st.builds(
    SceneEvidence,
    scene_id=st.just(1),
    scene_count=st.just(5),
    start_ms=st.just(0),
    end_ms=st.integers(0, 120_000),
    shot_count=st.integers(1, 30),
    persons=st.lists(PERSONS, max_size=6, unique_by=lambda one: one.name or one.person_id).map(tuple),
    lines=st.lists(LINES, max_size=5).map(tuple),
    texts=st.lists(SHOWN, max_size=5).map(tuple),
    keywords=st.lists(KEYWORDS, max_size=4).map(tuple),
    sounds=st.lists(SOUNDS, max_size=3).map(tuple),
    brightness=st.one_of(st.none(), st.floats(0, 1)),
    not_analysed=st.frozensets(st.sampled_from(["persons", "lines", "texts", "keywords", "sounds"])),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(one=SCENES, locale=st.sampled_from(LOCALES))
def test_names_and_quotes_are_those_of_the_evidence(one: SceneEvidence, locale: SummaryLocale) -> None:
    text = text_of(one, locale)

    sources = [
        "".join(letters_of(clean(line.text)) for line in sorted(one.lines, key=lambda line: line.start_ms)),
        "".join(
            letters_of(clean(line.text)) for line in sorted(one.lines, key=lambda x: x.start_ms) if not line.is_rough
        ),
        *(letters_of(clean(shown.text)) for shown in one.texts),
        *(letters_of(keyword.keyword) for keyword in one.keywords),
    ]
    for groups in QUOTED.findall(text):
        quote = letters_of("".join(groups))
        assert any(quote in source for source in sources), quote
    unquoted = QUOTED.sub("", text)
    present = {person.name for person in one.persons} | {line.speaker for line in one.lines}
    for name in ("Anna Bell", "Tom", "김서연", "佐藤健", "李娜"):
        assert name not in unquoted or name in present


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(one=SCENES, locale=st.sampled_from(LOCALES))
def test_a_summary_is_short_clean_and_balanced(one: SceneEvidence, locale: SummaryLocale) -> None:
    found = summary(one, locale)

    assert 1 <= len(found.sentences) <= MOST_SENTENCES
    for sentence in found.sentences:
        assert sentence.text == sentence.text.strip() != ""
        assert not any(
            unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for character in sentence.text
        )
        assert '"' not in sentence.text
        for start, end in ("“”", "「」"):
            assert sentence.text.count(start) == sentence.text.count(end)
    assert sum(len(sentence.text) for sentence in found.sentences) <= 600
    assert not re.search(r"\{\w+(?::[^}]*)?\}", QUOTED.sub("", text_of(one, locale)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(one=SCENES, locale=st.sampled_from(LOCALES))
def test_numbers_outside_of_quotes_are_counts_and_times(one: SceneEvidence, locale: SummaryLocale) -> None:
    unquoted = QUOTED.sub("", text_of(one, locale))
    for name in ("X7",):
        unquoted = unquoted.replace(name, "")
    whole = max(1, round((one.end_ms - one.start_ms) / 1000))
    allowed = {whole, whole // 60, whole % 60, round(whole / 60), one.shot_count, *range(len(one.persons) + 1), 1}

    assert {int(number) for number in re.findall(r"\d+", unquoted)} <= allowed


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(one=SCENES, locale=st.sampled_from(LOCALES))
def test_the_same_scene_has_the_same_summary(one: SceneEvidence, locale: SummaryLocale) -> None:
    other = ComposedSummariser(EngineContext(COMPOSED))

    assert asyncio.run(other.summarise(one, locale, ())) == summary(one, locale)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_summary_of_a_row_begins_like_one_of_the_three_before(locale: SummaryLocale, kind: str) -> None:
    row = row_summaries(kind, locale)
    openings = [opening_of(one.sentences[0].text, is_spaced=locale in SPACED) for one in row]

    for place, opening in enumerate(openings):
        assert opening not in openings[max(0, place - SCENES_OF_OPENINGS) : place], (place, row[place])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", LOCALES)
def test_sentences_of_a_row_are_seldom_built_alike(locale: SummaryLocale, kind: str) -> None:
    names = {person.name for one in row_of(kind, locale) for person in one.persons if person.name}
    frames = [
        re.sub("|".join(map(re.escape, names)) or "$^", "N", QUOTED.sub("Q", sentence.text))
        for one in row_summaries(kind, locale)
        for sentence in one.sentences
    ]

    assert max(map(frames.count, frames)) <= 4
    assert len(set(frames)) >= 0.6 * len(frames)


@pytest.mark.parametrize(
    ("locale", "script"),
    [
        ("en-US", "[A-Za-z]"),
        ("ko-KR", "[가-힣]"),
        ("ja-JP", "[ぁ-ゖァ-ヺ一-鿿]"),
        ("zh-CN", "[一-鿿]"),
        ("zh-TW", "[一-鿿]"),
    ],
)
def test_quotes_stay_in_their_language_and_the_rest_is_in_that_of_the_locale(
    locale: SummaryLocale, script: str
) -> None:
    one = scene(
        persons=(person(None), person(None, number=2)),
        lines=lines("Der Leuchtturm von Lissabon brennt seit 1755."),
        texts=(sign("Fischmarkt"),),
        sounds=(sound("APPLAUSE", 11_000),),
    )
    text = text_of(one, locale)

    assert "Der Leuchtturm von Lissabon brennt seit 1755" in text
    assert "Fischmarkt" in text
    rest = [character for character in QUOTED.sub("", text) if character.isalpha()]
    assert rest
    assert all(re.match(script, character) for character in rest)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_names_its_source(locale: SummaryLocale) -> None:
    one = scene(
        persons=(person("Anna"),),
        lines=(line("The lighthouse of Lisbon burned in 1755.", "Tom"),),
        texts=(sign("HARBOUR NEWS"),),
    )

    for sentence in summary(one, locale).sentences:
        match sentence.basis:
            case "seen":
                assert "Anna" in sentence.text
            case "heard":
                assert "Lisbon" in sentence.text
                assert "Tom" in sentence.text
            case "read":
                assert "HARBOUR NEWS" in sentence.text


def test_persons_are_counted_and_not_invented() -> None:
    assert re.search("two people", text_of(scene(persons=(person(None), person(None, number=2)))))
    assert "two more people" in text_of(scene(persons=(person("Anna"), person(None, number=2), person(None, number=3))))
    assert "두 사람" in text_of(scene(persons=(person(None), person(None, number=2))), "ko-KR")


def test_a_person_of_the_summaries_before_comes_again() -> None:
    one = scene(persons=(person("Anna", 0, 6_000),))
    texts = {
        text_of(one, "en-US", [summary(scene(persons=(person("Anna"),), number=number), "en-US")])
        for number in range(6)
    }

    assert all(re.search("again|back|Back|once more|Once more|returns", text) for text in texts)


def test_a_text_that_a_summary_before_has_is_not_read_in_every_scene() -> None:
    one = scene(texts=(sign("HARBOUR NEWS"),), persons=(person("Anna"),))
    first = summary(one, "en-US")

    assert "HARBOUR NEWS" in " ".join(sentence.text for sentence in first.sentences)
    assert "HARBOUR NEWS" not in text_of(
        scene(texts=(sign("HARBOUR NEWS"),), persons=(person("Tom"),)), "en-US", [first]
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_absence_is_said_only_of_a_scene_of_which_nothing_is_known(locale: SummaryLocale) -> None:
    everything = frozenset({"persons", "lines", "texts", "keywords", "sounds"})
    complete = summary(scene(), locale)
    partial = summary(scene(not_analysed=frozenset({"sounds"})), locale)
    untouched = summary(scene(not_analysed=everything), locale)

    assert len({one.sentences[-1].text for one in (complete, partial, untouched)}) == 3
    assert all(re.search(r"12|二", one.sentences[0].text) for one in (complete, partial, untouched))
    if locale == "en-US":
        assert re.search("recognised", complete.sentences[-1].text)
        assert re.search("was analysed|that ran", partial.sentences[-1].text)
        assert "not analysed" in untouched.sentences[-1].text


def test_a_scene_with_findings_says_nothing_of_absence() -> None:
    for locale in LOCALES:
        for kind in KINDS:
            for one in row_summaries(kind, locale):
                text = " ".join(sentence.text for sentence in one.sentences)
                assert not re.search("recognised|analysed|인식|분석|認識|分析|识别|識別|辨識", QUOTED.sub("", text))


def test_rough_speech_is_marked() -> None:
    text = text_of(scene(lines=(line("lisbon whale museum of the nineteen sixties", rough=True),)))

    assert re.search("[Rr]oughly", text)


def test_a_picture_has_no_duration() -> None:
    picture = SceneEvidence(1, 1, 0, 0, 1, persons=(EvidencePerson(1, None, ((0, 0),)),))

    assert not re.search("second|shot", text_of(picture))
    assert text_of(SceneEvidence(1, 1, 0, 0, 1)).startswith("A still picture.")


@pytest.mark.parametrize(("brightness", "expected"), [(0.05, "dark|dim|low"), (0.5, ""), (0.9, "bright|plenty")])
def test_the_light_is_described_when_it_is_unusual(brightness: float, expected: str) -> None:
    text = text_of(scene(brightness=brightness, persons=(person(None),)))

    assert bool(re.search("dark|dim light|low light|bright|plenty", text)) == bool(expected)
    assert re.search(expected, text)


def test_keywords_that_are_uncertain_are_worded_with_care() -> None:
    assert "a dog" in text_of(scene(keywords=(thing("dog"),)))
    assert re.search("looks like|seem to|Probably", text_of(scene(keywords=(thing("dog", 0.55),))))
    assert re.search(
        "looks like|seems|appears|look of it", text_of(scene(keywords=(thing("beach", category="LABEL"),)))
    )
    assert "dog" not in text_of(scene(keywords=(thing("dog", 0.3),)))


@pytest.mark.parametrize("keyword", ["gun", "soldier", "kissing"])
def test_no_keyword_about_persons_is_said(keyword: str) -> None:
    one = scene(persons=(person(None),), keywords=(thing(keyword, category="LABEL"),))

    assert keyword not in text_of(one)


def test_a_keyword_of_another_vocabulary_is_quoted_as_a_label() -> None:
    assert "“우주선”" in text_of(scene(keywords=(thing("우주선", category="LABEL"),)))


def test_a_scene_of_an_hour_of_speech_takes_little_time() -> None:
    said = tuple(
        line(f"Line {number} of the film about the lighthouse.", start=4_000 * number) for number in range(900)
    )

    text = text_of(scene(3_600_000, lines=said))

    assert "lighthouse" in text
