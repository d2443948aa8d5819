from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.engines.keywords import RecognisedText, Term, TextOrigin, TimedWord, find_terms
from scenedex.timeline import Timecode, TimeRange


def span(start: int, end: int) -> TimeRange:
    return TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end)))


def said(text: str, start: int = 0, end: int = 5, confidence: float = 0.9) -> RecognisedText:
    return RecognisedText(text, confidence, span(start, end), TextOrigin.SAID)


def shown(text: str, start: int = 0, end: int = 5, confidence: float = 0.95) -> RecognisedText:
    return RecognisedText(text, confidence, span(start, end), TextOrigin.SHOWN)


def by_text(terms: list[Term]) -> dict[str, Term]:
    return {term.text: term for term in terms}


def test_nothing_comes_of_nothing() -> None:
    assert find_terms([]) == []
    assert find_terms([said(""), shown("..."), said("and so you are")]) == []


def test_a_title_on_screen_is_a_term_of_medium_confidence() -> None:
    (term,) = find_terms([shown("THE PEACH OPEN MOVIE PROJECT", 20, 23)])

    assert term.text == "PEACH OPEN MOVIE PROJECT"
    assert 0.5 <= term.confidence < 0.7
    assert term.appearances == (span(20, 23),)


def test_a_noun_is_shown_by_default_and_a_verb_never_is() -> None:
    (term,) = find_terms([said("we went to some garden", confidence=0.95)])

    assert (term.text, term.confidence >= 0.5) == ("garden", True)


def test_a_sentence_on_screen_is_its_nouns() -> None:
    terms = find_terms([shown("Earthquake strikes off the coast of Chile")])

    assert {term.text for term in terms if term.confidence >= 0.5} == {"Earthquake", "coast", "Chile"}


def test_a_noun_that_recurs_is_surer() -> None:
    (once,) = find_terms([said("in the garden")])
    (often,) = find_terms([said("in the garden", at, at + 1) for at in range(6)])

    assert often.confidence > 0.7 > once.confidence


def test_a_name_outweighs_a_plain_word() -> None:
    terms = by_text(find_terms([said("Yesterday we met Angela Merkel in the garden and then sat in the garden")]))

    assert terms["Angela Merkel"].confidence > terms["garden"].confidence
    assert "Merkel" not in terms


def test_terms_of_both_origins_are_kept_apart() -> None:
    terms = find_terms([shown("Berlin", 0, 2), *[said("we are in Berlin", at, at + 1) for at in (4, 6)]])

    assert sorted((term.text, term.origin.value) for term in terms) == [("Berlin", "said"), ("Berlin", "shown")]


def test_what_was_hardly_understood_is_less_certain() -> None:
    sure = by_text(find_terms([said("in Berlin", confidence=1.0)]))
    unsure = by_text(find_terms([said("in Berlin", confidence=0.5)]))

    assert 0.6 * sure["Berlin"].confidence < unsure["Berlin"].confidence < 0.8 * sure["Berlin"].confidence


def test_the_words_of_an_utterance_tell_when_a_term_is_said() -> None:
    words = [TimedWord(text, span(at, at + 1)) for at, text in enumerate(["we", " saw", " Barack", " Obama", " there"])]
    passage = RecognisedText("we saw Barack Obama there", 0.9, span(0, 5), TextOrigin.SAID, words)

    terms = by_text(find_terms([passage]))

    assert terms["Barack Obama"].appearances == (span(2, 4),)


def test_appearances_that_touch_become_one() -> None:
    texts = [shown("Big Buck Bunny", 0, 2), shown("BIG BUCK BUNNY", 2, 4), shown("Big Buck Bunny", 6, 8)]

    (term,) = find_terms(texts)

    assert term.text == "Big Buck Bunny"
    assert term.appearances == (span(0, 4), span(6, 8))


def test_korean_words_are_one_term_whatever_particle_follows() -> None:
    terms = by_text(
        find_terms([said("인공지능은 중요합니다"), said("서울에서 인공지능을 봅니다"), said("인공지능이 옵니다")])
    )

    assert terms["인공지능"].confidence > 0.4
    assert not any(text.startswith("인공지능") and text != "인공지능" for text in terms)


def test_japanese_words_are_found_between_kana() -> None:
    terms = by_text(find_terms([said("人工知能はとても大事です"), said("この人工知能を使います")]))

    assert list(terms) == ["人工知能"]


def test_ideographs_are_japanese_among_japanese_texts() -> None:
    terms = by_text(find_terms([shown("気象予報士"), shown("今日の天気"), shown("沖縄で大雨")]))

    assert terms.keys() == {"気象予報士", "天気", "沖縄", "大雨"}


def test_chinese_phrases_are_found_where_they_come_up_again() -> None:
    terms = by_text(find_terms([said("我们今天讨论人工智能的未来"), said("人工智能技术正在改变北京的生活")]))

    assert "人工智能" in terms
    assert "北京" in terms
    assert not any(text in terms for text in ("人工", "工智", "智能", "人工智", "讨论", "改变"))


def test_a_long_chinese_name_is_one_term_and_not_its_parts() -> None:
    terms = find_terms([said("今天中华人民共和国成立"), said("大家庆祝中华人民共和国七十年")])

    assert terms[0].text == "中华人民共和国"
    assert not any(term.text in "中华人民共和国" for term in terms[1:])


def test_a_picture_at_time_0_has_terms_too() -> None:
    (term,) = find_terms([shown("Sale", 0, 0)])

    assert term.appearances == (span(0, 0),)


texts = st.text(st.sampled_from("aB cd EF.한국어는 日本語の中文我们\n"), max_size=30)
passages = st.builds(
    RecognisedText,
    text=texts,
    confidence=st.floats(0, 1),
    range=st.builds(span, st.integers(0, 4), st.integers(4, 9)),
    origin=st.sampled_from(TextOrigin),
)


@settings(deadline=None)
@given(st.lists(passages, max_size=8))
def test_terms_keep_to_their_bounds(given_passages: list[RecognisedText]) -> None:
    terms = find_terms(given_passages)

    for term in terms:
        assert 0 < term.confidence <= 1
        assert term.appearances
        assert list(term.appearances) == sorted(term.appearances)
        assert all(a.end < b.start for a, b in pairwise(term.appearances))
        assert any(term.text.casefold() in " ".join(p.text.casefold().split()) for p in given_passages)
    assert terms == find_terms(given_passages)
    assert len({(term.text, term.origin) for term in terms}) == len(terms)
