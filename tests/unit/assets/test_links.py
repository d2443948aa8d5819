from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.assets.links import Links
from scenedex.storage.errors import SignatureExpired, SignatureInvalid
from scenedex.storage.memory import MemoryStore

NOW = 1_700_000_000.5
KEYS = st.from_regex(r"[a-z0-9_-]{1,9}(/[A-Za-z0-9._-]{1,9}){0,3}", fullmatch=True)


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


def links(clock: Clock | None = None, secret: bytes = b"secret") -> Links:
    return Links(MemoryStore(), secret, life=timedelta(minutes=15), clock=clock or Clock())


def parts(url: str) -> tuple[str, int, str, str]:
    """Key, expiry, token and signature."""
    split = urlsplit(url)
    query = parse_qs(split.query, keep_blank_values=True)
    key = unquote(split.path).removeprefix("/objects/")
    return key, int(query["expires"][0]), query["token"][0], query["signature"][0]


@given(KEYS)
def test_a_link_to_read_is_valid(key: str) -> None:
    named, expires, token, signature = parts(links().readable([key], "http://host")[key])

    links().require_valid("GET", named, expires=expires, token=token, signature=signature)
    assert named == key


def test_a_link_to_write_does_not_read() -> None:
    key, expires, token, signature = parts(links().writable("a/b", "http://host"))

    with pytest.raises(SignatureInvalid):
        links().require_valid("GET", key, expires=expires, token=token, signature=signature)


def test_links_to_read_can_be_cached_within_a_second() -> None:
    assert links().readable(["a"], "http://host") == links().readable(["a"], "http://host")


def test_each_link_to_write_is_another() -> None:
    assert links().writable("a", "http://host") != links().writable("a", "http://host")


@pytest.mark.parametrize(("later", "is_valid"), [(0, True), (898, True), (900, False)])
def test_a_link_lasts_a_quarter_of_an_hour(later: int, is_valid: bool) -> None:
    clock = Clock()
    key, expires, token, signature = parts(links(clock).readable(["a"], "http://host")["a"])
    clock.now += later
    if is_valid:
        links(clock).require_valid("GET", key, expires=expires, token=token, signature=signature)
        return
    with pytest.raises(SignatureExpired):
        links(clock).require_valid("GET", key, expires=expires, token=token, signature=signature)


def test_a_link_of_another_server_is_none() -> None:
    key, expires, token, signature = parts(links(secret=b"other").readable(["a"], "http://host")["a"])

    with pytest.raises(SignatureInvalid):
        links().require_valid("GET", key, expires=expires, token=token, signature=signature)
