from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scenedex.storage.errors import ManagedKeyInvalid
from scenedex.storage.names import (
    KeyProblem,
    folder_names,
    is_bucket_name,
    is_managed_key,
    key_problem,
    require_managed_key,
    require_managed_prefix,
)


@pytest.mark.parametrize("name", ["abc", "a-b", "my.bucket.2026", "0a0", "x" * 63, "1.2.3.x"])
def test_well_formed_bucket_names(name: str) -> None:
    assert is_bucket_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "ab", "x" * 64, "-abc", "abc-", ".abc", "abc.", "a..b", "a.-b", "a-.b"),
        *("Abc", "a_b", "a/b", "192.168.5.4", "abc\n", "한국어", "a b c", "abc\0"),
    ],
    ids=ascii,
)
def test_names_that_no_bucket_has(name: str) -> None:
    assert not is_bucket_name(name)


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", KeyProblem.EMPTY),
        ("x" * 1025, KeyProblem.TOO_LONG),
        ("é" * 513, KeyProblem.TOO_LONG),
        ("\ud800", KeyProblem.NOT_TEXT),
        ("a\0b", KeyProblem.NUL),
        ("..", KeyProblem.DOT_SEGMENT),
        ("a/../b", KeyProblem.DOT_SEGMENT),
        ("./a", KeyProblem.DOT_SEGMENT),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_wrong_with_a_key(key: str, problem: KeyProblem) -> None:
    assert key_problem(key) is problem


@pytest.mark.parametrize("key", ["a", "x" * 1024, "é" * 512, "/a", "a//b", "a/", "...", "..a/b..", "\n", "\\..\\"])
def test_keys_that_an_object_can_have(key: str) -> None:
    assert key_problem(key) is None


@given(st.text(st.characters(codec="utf-8"), max_size=40))
@example("a//b")
@example("a/b")
def test_the_names_to_walk_through_are_the_parts_of_the_key(key: str) -> None:
    names = folder_names(key)

    if names is None:
        assert key_problem(key) is not None or "" in key.split("/")
    else:
        assert "/".join(names) == key
        assert {"", ".", ".."}.isdisjoint(names)


@pytest.mark.parametrize("key", ["a", "assets/12/keyframes/0001.jpg", "A_b-c.d/e..f", "x/" * 255 + "xx"])
def test_keys_of_the_managed_store(key: str) -> None:
    assert is_managed_key(key)
    require_managed_key(key)


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", ".a", "a/.b", "a/..", "a b", "ä", "a\n", "x" * 201, "x/" * 257]
)
def test_keys_that_the_managed_store_refuses(key: str) -> None:
    assert not is_managed_key(key)
    with pytest.raises(ManagedKeyInvalid):
        require_managed_key(key)


@given(st.from_regex(r"[a-z._/-]{0,12}", fullmatch=True))
def test_every_managed_key_can_be_a_file(key: str) -> None:
    assert folder_names(key) is not None or not is_managed_key(key)


def test_a_prefix_is_a_folder() -> None:
    require_managed_prefix("assets/1/", allow_empty=False)
    require_managed_prefix("", allow_empty=True)
    for prefix in ("", "assets", "/", "a//", "../"):
        with pytest.raises(ManagedKeyInvalid):
            require_managed_prefix(prefix, allow_empty=False)
