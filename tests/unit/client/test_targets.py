from __future__ import annotations

from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.client.connection import target

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(TEXTS.filter(bool), min_size=1), st.dictionaries(TEXTS.filter(bool), TEXTS.filter(bool)))
def test_can_be_read_back(segments: list[str], query: dict[str, str]) -> None:
    encoded = target(*segments, query=query)

    path, _, encoded_query = encoded.partition("?")
    assert encoded.isascii()
    assert [unquote(segment) for segment in path.split("/")[1:]] == ["api", "v1", *segments]
    assert parse_qsl(encoded_query, strict_parsing=bool(query)) == list(query.items())


@pytest.mark.parametrize(("segment", "path"), [(".", "%2E"), ("..", "%2E%2E"), ("a/b", "a%2Fb"), ("a b", "a%20b")])
def test_keeps_a_segment_one_segment(segment: str, path: str) -> None:
    assert target(segment) == f"/api/v1/{path}"


def test_refuses_an_empty_segment() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        target("a", "")
