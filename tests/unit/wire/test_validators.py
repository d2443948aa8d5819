from __future__ import annotations

import pytest

from scenedex.wire.encodings import Coding
from scenedex.wire.validators import entity_tag, is_known

URL = b'{"keyframeUrl":"http://host/objects/1.jpg?expires=%d&signature=%d","text":"%s"}'


def test_another_body_has_another_tag() -> None:
    assert entity_tag(b"a", None, 1) != entity_tag(b"b", None, 1)


def test_a_strong_tag_names_the_coding() -> None:
    plain, coded = entity_tag(b"a", None, 1), entity_tag(b"a", Coding.GZIP, 2)

    assert coded == plain[:-1] + '-gzip"'


def test_the_tag_of_a_body_with_presigned_urls_is_weak_and_stays_for_a_period() -> None:
    first, later = entity_tag(URL % (1, 2, b""), None, 7), entity_tag(URL % (3, 4, b""), None, 7)

    assert first.startswith('W/"')
    assert first == later
    assert entity_tag(URL % (3, 4, b""), None, 8) != first


@pytest.mark.parametrize("text", [rb"\"url\":\"a?b", rb"http://host/?x=1", rb"\"keyframeUrl\":\"x?expires=1\""])
def test_text_of_users_is_never_taken_for_a_url(text: bytes) -> None:
    one, other = URL % (1, 2, text), URL % (1, 2, text.replace(b"1", b"2").replace(b"b", b"c"))

    assert entity_tag(one, None, 1) != entity_tag(other, None, 1)


@pytest.mark.parametrize(
    ("tag", "header", "known"),
    [
        ('"a"', '"a"', True),
        ('"a"', 'W/"a"', True),
        ('W/"a"', '"a"', True),
        ('"a"', '"b", "a"', True),
        ('"a"', "*", True),
        ('"a"', '"b"', False),
        ('"a"', "a", False),
        ('"a"', "", False),
        ('"a"', '"a-gzip"', False),
    ],
)
def test_compares_tags_as_if_none_match_does(tag: str, header: str, known: bool) -> None:
    assert is_known(tag, header) is known
