"""The rule that decides whether an import may read an object."""

from __future__ import annotations

import pytest

from scenedex.assets.sources import SourceRefusal, absence, refusal_of
from scenedex.storage.errors import AccessDenied, BucketNotFound, ObjectNotFound


@pytest.mark.parametrize(
    ("key", "prefixes"),
    [
        ("clips/a.mp4", [""]),
        ("clips/a.mp4", ["clips/"]),
        ("clips/a.mp4", ["news/", "clips/a"]),
        ("clips/a.mp4", ["clips/a.mp4"]),
        ("/clips//a.mp4", ["/clips/"]),
        ("클립/é.mp4", ["클립/"]),
    ],
)
def test_a_granted_prefix_covers_the_keys_that_start_with_it(key: str, prefixes: list[str]) -> None:
    assert refusal_of(key, prefixes, is_managed=False, is_open=False) is None


@pytest.mark.parametrize(
    ("key", "prefixes"),
    [
        ("clips/a.mp4", []),
        ("clipsb/a.mp4", ["clips/"]),
        ("clips", ["clips/"]),
        ("Clips/a.mp4", ["clips/"]),
        ("/clips/a.mp4", ["clips/"]),
        ("%63lips/a.mp4", ["clips/"]),
        ("e\u0301/a.mp4", ["\u00e9/"]),
    ],
)
def test_other_keys_are_not_granted(key: str, prefixes: list[str]) -> None:
    assert refusal_of(key, prefixes, is_managed=False, is_open=False) is SourceRefusal.NOT_GRANTED


def test_an_open_bucket_needs_no_grant() -> None:
    assert refusal_of("a.mp4", [], is_managed=False, is_open=True) is None


@pytest.mark.parametrize("is_open", [True, False])
def test_neither_grants_nor_open_buckets_include_managed_storage(is_open: bool) -> None:
    assert refusal_of("a.mp4", [""], is_managed=True, is_open=is_open) is SourceRefusal.MANAGED


@pytest.mark.parametrize(
    "key",
    [
        "../managed/a",
        "clips/../../managed/a",
        "clips/./a",
        "..",
        "clips/%2e%2e/secret/a",
        "clips/%2E./secret/a",
        "clips/%252e%252e/secret/a",
        "clips/%25252e%25252e%25252fsecret/a",
        "clips/..%2fsecret/a",
        "clips\\..\\secret\\a",
        "clips/..%5csecret/a",
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
def test_no_key_leads_out_of_its_folder(key: str, is_open: bool) -> None:
    assert refusal_of(key, ["", "clips/"], is_managed=False, is_open=is_open) is SourceRefusal.DOT_SEGMENT


@pytest.mark.parametrize("key", ["a..b/c", "...", "a/.hidden", "100%25/a", "%/a", "a%2/..b"])
def test_dots_within_names_are_names(key: str) -> None:
    assert refusal_of(key, [""], is_managed=False, is_open=False) is None


def test_a_refusal_reads_like_an_absent_object() -> None:
    refused = absence("films")

    assert refused == absence("films", ObjectNotFound("a")) == absence("films", AccessDenied("a"))
    assert refused == absence("other")


def test_an_absent_bucket_that_may_be_read_is_named() -> None:
    assert absence("films", BucketNotFound("films at s3.example")) == 'There is no bucket "films".'
