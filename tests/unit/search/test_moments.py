"""The moment of a hit, and the matches of its scene."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_samples import plain_scene
from scenedex.index.records import (
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedSentence,
    IndexedSummary,
    IndexedText,
    StageEngine,
)
from scenedex.index.tokens import PhraseTerm, phrase_of, terms_of
from scenedex.search.moments import moment_of
from scenedex.search.records import Evidence, EvidenceKind, FoundBy, HitMoment, Match, MatchKind, QueryPhrase, UnitForms
from scenedex.search.weighted_matches import Question

SCENE = plain_scene(3, 10_000, 130_000)
WORDS = Evidence(EvidenceKind.WORDS, 0.8)
JOE = 12


def line(start_s: float, end_s: float, text: str, confidence: float = 0.9) -> IndexedScript:
    return IndexedScript(
        round(start_s), "Speaker 1", text, "EN", confidence, round(start_s * 1000), round(end_s * 1000)
    )


def shown(start_s: float, end_s: float, text: str, confidence: float = 0.9) -> IndexedText:
    return IndexedText(text, 0, 0, 1, 0.1, confidence, round(start_s * 1000), round(end_s * 1000))


def seen(person_id: int, *times_s: tuple[float, float], name: str | None = None) -> IndexedPerson:
    times = (IndexedAppearance(round(start * 1000), round(end * 1000), 0.9) for start, end in times_s)
    return IndexedPerson(person_id, tuple(times), name)


def keyword(word: str, *times_s: tuple[float, float], category: str = "OBJECT") -> IndexedKeyword:
    times = ((round(start * 1000), round(end * 1000)) for start, end in times_s)
    return IndexedKeyword(word, category, 0.9, tuple(times))


def summary(text: str) -> IndexedSummary:
    return IndexedSummary(text, "en-US", (IndexedSentence(text, "seen"),), "composed 1")


def asking(text: str, *persons: int) -> Question:
    return Question(FoundBy(terms=tuple(dict.fromkeys(terms_of(text))), persons=persons), text)


def moment(scene: IndexedScene, question: Question, *evidence: Evidence) -> HitMoment:
    return moment_of(scene, question, evidence, ())


def seconds(found: HitMoment) -> tuple[float, float]:
    return found.start_ms / 1000, found.end_ms / 1000


def what(found: HitMoment) -> list[tuple[MatchKind, str | None]]:
    return [(match.kind, match.text) for match in found.matches]


def test_the_moment_is_the_line_that_says_it() -> None:
    scene = replace(SCENE, scripts=(line(12, 15, "Good morning."), line(31.04, 34, "The ship is in the harbour.")))

    found = moment(scene, asking("ship harbour"), WORDS)

    assert seconds(found) == (31.04, 34)
    assert found.matches == (
        Match(MatchKind.DIALOGUE, 31_040, 34_000, 0.9, scene.scripts[1], "The ship is in the harbour."),
    )


def test_a_line_with_more_words_comes_before_an_earlier_one() -> None:
    scene = replace(SCENE, scripts=(line(12, 15, "A ship."), line(31, 34, "A ship in the harbour.")))

    found = moment(scene, asking("ship harbour"), WORDS)

    assert what(found) == [(MatchKind.DIALOGUE, "A ship in the harbour."), (MatchKind.DIALOGUE, "A ship.")]


def test_a_line_with_consecutive_words_comes_before_one_with_the_same_words_apart() -> None:
    scene = replace(
        SCENE,
        scripts=(
            line(12, 15, "Ask not what your country can do for you."),
            line(16, 19, "Ask what you can do for your country."),
        ),
    )

    found = moment(scene, Question(FoundBy(terms=("country",)), "what you can do for your country"), WORDS)

    assert seconds(found) == (16, 19)


def test_two_spellings_of_a_word_answer_it_once() -> None:
    scene = replace(
        SCENE,
        scripts=(line(12, 15, "To the harbour!"), line(31, 33, "A ship in the harbour.")),
        texts=(shown(12, 15, "Old harbor"),),
    )
    forms = [tuple(phrase_of(form) for form in forms) for forms in (("harbour", "harbor"), ("ship",))]
    found_by = FoundBy(("harbour", "harbor", "ship"), units=tuple(UnitForms(equal) for equal in forms))

    assert seconds(moment(scene, Question(found_by), WORDS)) == (31, 33)


def test_a_word_comes_before_a_longer_one_that_starts_with_it() -> None:
    scene = replace(SCENE, scripts=(line(12, 15, "A shipment."), line(31, 33, "A ship!")))
    forms = UnitForms((phrase_of("ship"),), ((PhraseTerm("ship", 0, is_prefix=True),),))
    found_by = FoundBy(("ship",), ("ship",), units=(forms,))

    assert seconds(moment(scene, Question(found_by), WORDS)) == (31, 33)


def test_of_equal_lines_the_first_is_the_moment() -> None:
    scene = replace(SCENE, scripts=(line(12, 15, "A ship."), line(31, 33, "A ship!")))

    assert seconds(moment(scene, asking("ship"), WORDS)) == (12, 15)


def test_a_certain_text_comes_before_an_uncertain_line() -> None:
    scene = replace(SCENE, scripts=(line(12, 15, "A ship.", 0.3),), texts=(shown(40, 44, "SHIP", 0.98),))

    assert seconds(moment(scene, asking("ship"), WORDS)) == (40, 44)


def test_a_line_is_preferred_while_the_person_is_seen() -> None:
    scene = replace(
        SCENE, scripts=(line(12, 15, "Good morning."), line(31, 34, "Good morning.")), persons=(seen(JOE, (20, 60)),)
    )

    found = moment(scene, asking("good morning", JOE), WORDS)

    assert seconds(found) == (31, 34)
    assert [match.kind for match in found.matches] == [MatchKind.DIALOGUE, MatchKind.PERSON, MatchKind.DIALOGUE]


def test_a_line_before_the_person_appears_starts_the_moment() -> None:
    scene = replace(SCENE, scripts=(line(31, 34, "Good morning."),), persons=(seen(JOE, (33, 60)),))

    assert seconds(moment(scene, asking("good morning", JOE), WORDS)) == (31, 34)


def test_what_is_on_screen_all_the_time_does_not_hide_when_the_rest_is_said() -> None:
    scene = replace(
        SCENE, texts=(shown(10, 130, "HARBOUR NEWS", 1),), scripts=(line(31, 34, "a ship"), line(50, 52, "weather"))
    )

    assert seconds(moment(scene, asking("harbour ship"), WORDS)) == (31, 34)


def test_a_line_with_all_words_is_the_moment_and_not_a_word_that_is_shown_meanwhile() -> None:
    scene = replace(SCENE, texts=(shown(31, 32, "HARBOUR", 1),), scripts=(line(30, 34, "a ship in the harbour", 0.6),))

    found = moment(scene, asking("ship harbour"), WORDS)

    assert what(found) == [(MatchKind.DIALOGUE, "a ship in the harbour"), (MatchKind.TEXT, "HARBOUR")]


def test_two_persons_are_found_when_both_are_seen() -> None:
    scene = replace(SCENE, persons=(seen(1, (10, 100)), seen(2, (60, 70), (110, 115))))

    found = moment(scene, Question(FoundBy(persons=(1, 2))))

    assert seconds(found) == (60, 70)
    assert [(match.kind, match.start_ms) for match in found.matches] == [
        (MatchKind.PERSON, 60_000),
        (MatchKind.PERSON, 10_000),
    ]


def test_a_person_alone_has_the_longest_appearance() -> None:
    scene = replace(SCENE, persons=(seen(JOE, (10, 12), (40, 90), (100, 101), name="Joe"), seen(13, (10, 130))))

    found = moment(scene, Question(FoundBy(persons=(JOE,))))

    assert seconds(found) == (40, 90)
    assert what(found) == [(MatchKind.PERSON, "Joe")]


def test_a_person_has_the_appearance_that_coincides_with_the_line() -> None:
    scene = replace(SCENE, persons=(seen(JOE, (10, 80), (100, 101)),), scripts=(line(100, 103, "a ship"),))

    found = moment(scene, asking("ship", JOE), WORDS)

    assert [(match.kind, match.start_ms) for match in found.matches] == [
        (MatchKind.DIALOGUE, 100_000),
        (MatchKind.PERSON, 100_000),
    ]


def test_a_phrase_across_lines_lasts_from_the_first_to_the_last() -> None:
    scene = replace(SCENE, scripts=(line(12, 14, "I said good"), line(14, 17, "morning"), line(20, 22, "good")))
    said = FoundBy(phrases=(QueryPhrase.of("good morning", is_said=True),))

    found = moment(scene, Question(said))

    assert seconds(found) == (12, 17)
    assert what(found) == [(MatchKind.DIALOGUE, "I said good"), (MatchKind.DIALOGUE, "morning")]


def test_the_shot_that_looks_like_the_picture_is_the_moment() -> None:
    looks = Evidence(EvidenceKind.PICTURE, 0.91234, 44_000, 48_500, "siglip2 1 siglip2-base")

    found = moment(SCENE, Question(FoundBy()), looks)

    assert found == HitMoment(
        44_000, 48_500, (Match(MatchKind.PICTURE, 44_000, 48_500, 0.9123, engine="siglip2 1 siglip2-base"),)
    )


def test_a_passage_of_similar_meaning_has_its_words() -> None:
    scene = replace(
        SCENE,
        scripts=(line(12, 15, "Good morning."), line(31, 34, "A boat arrives."), line(34, 36, "It is big.")),
        texts=(shown(32, 33, "PORT"),),
    )
    means = Evidence(EvidenceKind.MEANING, 0.7, 31_000, 36_000, "use 1")

    found = moment(scene, asking("ship"), means)

    assert what(found) == [(MatchKind.MEANING, "A boat arrives. PORT It is big.")]
    assert seconds(found) == (31, 36)


def test_similarity_of_the_whole_scene_has_its_range_and_supports_no_part() -> None:
    scene = replace(SCENE, scripts=(line(31, 34, "a ship"),))
    means = Evidence(EvidenceKind.MEANING, 0.7, None, None, "use 1")

    found = moment(scene, asking("ship"), WORDS, means)

    assert seconds(found) == (31, 34)
    assert [(match.kind, match.start_ms, match.end_ms) for match in found.matches] == [
        (MatchKind.DIALOGUE, 31_000, 34_000),
        (MatchKind.MEANING, 10_000, 130_000),
    ]


@pytest.mark.parametrize("evidence", [(), (WORDS,), (Evidence(EvidenceKind.FACE, 0.9),)], ids=str)
def test_without_matches_the_moment_is_the_scene(evidence: tuple[Evidence, ...]) -> None:
    assert moment(SCENE, asking("film", JOE), *evidence) == HitMoment(10_000, 130_000)


def test_all_of_an_image_is_one_moment() -> None:
    image = replace(plain_scene(1, 0, 0), texts=(shown(0, 0, "SHIP"),), persons=(seen(JOE, (0, 0)),))

    found = moment(image, asking("ship", JOE), WORDS)

    assert (found.start_ms, found.end_ms) == (0, 0)
    assert [match.kind for match in found.matches] == [MatchKind.TEXT, MatchKind.PERSON]


def test_every_match_names_its_engine() -> None:
    scene = replace(
        SCENE,
        scripts=(line(12, 15, "a ship"),),
        texts=(shown(12, 15, "SHIP"), shown(12, 15, "배 ship")),
        keywords=(keyword("ship", (12, 15)), keyword("a ship", (12, 15), category="SPEECH")),
        persons=(seen(JOE, (12, 15)),),
    )
    engines = (
        StageEngine("speech", "faster-whisper", "1", "whisper-base"),
        StageEngine("text", "rapidocr", "1"),
        StageEngine("korean", "tesseract", "2"),
        StageEngine("keywords", "terms", "1"),
        StageEngine("objects", "fastestdet", "1", "fastestdet"),
        StageEngine("faces", not_analysed="No persons were asked for."),
    )

    found = moment_of(scene, asking("ship", JOE), (WORDS,), engines)

    assert {(match.kind, match.text): match.engine for match in found.matches} == {
        (MatchKind.DIALOGUE, "a ship"): "faster-whisper 1 whisper-base",
        (MatchKind.TEXT, "SHIP"): "rapidocr 1",
        (MatchKind.TEXT, "배 ship"): "tesseract 2",
        (MatchKind.KEYWORD, "ship"): "fastestdet 1 fastestdet",
        (MatchKind.KEYWORD, "a ship"): "terms 1",
        (MatchKind.PERSON, None): None,
    }


LINES = st.lists(
    st.builds(
        line, st.integers(10, 129), st.integers(10, 130), st.text(st.sampled_from("ab "), max_size=5), st.floats(0, 1)
    ),
    max_size=8,
)


@given(LINES, st.lists(st.tuples(st.integers(10, 100), st.integers(100, 130)), min_size=1, max_size=3))
def test_the_moment_is_that_of_the_first_match_and_each_finding_is_listed_once(
    lines: list[IndexedScript], times: list[tuple[float, float]]
) -> None:
    scene = replace(SCENE, scripts=tuple(lines), persons=(seen(JOE, *times),))

    found = moment(scene, asking("a b", JOE), WORDS)

    assert (found.start_ms, found.end_ms) == (found.matches[0].start_ms, found.matches[0].end_ms)
    expected = 1 + sum(not {"a", "b"}.isdisjoint(terms_of(one.text)) for one in lines)
    assert len(found.matches) == expected


def test_a_summary_matches_with_the_range_of_its_scene_and_its_engine() -> None:
    scene = replace(SCENE, summary=summary("A ship leaves the harbour at night."))

    found = moment(scene, asking("ship harbour"), WORDS)

    assert seconds(found) == (10, 130)
    assert found.matches == (
        Match(
            MatchKind.SUMMARY, 10_000, 130_000, 0.5, scene.summary, "A ship leaves the harbour at night.", "composed 1"
        ),
    )


def test_a_line_is_a_better_answer_than_the_summary_that_repeats_it() -> None:
    scene = replace(SCENE, scripts=(line(31, 34, "The ship is late."),), summary=summary("The ship is late."))

    found = moment(scene, asking("ship late"), WORDS)

    assert seconds(found) == (31, 34)
    assert [match.kind for match in found.matches] == [MatchKind.DIALOGUE, MatchKind.SUMMARY]


def test_a_summary_without_the_words_does_not_match() -> None:
    scene = replace(SCENE, scripts=(line(31, 34, "The ship is late."),), summary=summary("A delay."))

    assert [match.kind for match in moment(scene, asking("ship"), WORDS).matches] == [MatchKind.DIALOGUE]


def test_the_meaning_of_a_whole_scene_is_that_of_its_summary() -> None:
    scene = replace(SCENE, scripts=(line(31, 34, "It is late."),), summary=summary("A ship leaves."))

    of_summary = moment(scene, asking("vessel"), Evidence(EvidenceKind.MEANING, 0.8, 10_000, 130_000, "use 1"))
    of_line = moment(scene, asking("vessel"), Evidence(EvidenceKind.MEANING, 0.8, 31_000, 34_000, "use 1"))

    assert what(of_summary) == [(MatchKind.MEANING, "A ship leaves. It is late.")]
    assert what(of_line) == [(MatchKind.MEANING, "It is late.")]
