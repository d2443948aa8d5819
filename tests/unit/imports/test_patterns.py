"""Globs: documented examples, refused ones, and time in proportion to the key."""

from __future__ import annotations

import pytest

from scenedex.imports.patterns import PatternInvalid, parse_glob


@pytest.mark.parametrize(
    ("glob", "key", "expected"),
    [
        ("*.mp4", "films/2025/a.mp4", True),
        ("*.mp4", "films/2025/A.MP4", False),
        ("*.[mM][pP]4", "films/2025/A.MP4", True),
        ("a?.mp4", "films/ab.mp4", True),
        ("drafts/**", "films/drafts/x/a.mp4", True),
        ("drafts/**", "films/2025/drafts/a.mp4", False),
        ("**/drafts/**", "films/2025/drafts/a.mp4", True),
        ("**/drafts/**", "films/drafts/a.mp4", True),
        ("**", "films/a.mp4", True),
        ("2025/*", "films/2025/a.mp4", True),
        ("2025/*", "films/2025/b/a.mp4", False),
        ("2025/**/a.mp4", "films/2025/a.mp4", True),
        ("2025/**/a.mp4", "films/2025/b/c/a.mp4", True),
        ("**/b/*/d/**", "films/b/x/b/c/d/e.mp4", True),
        ("/films/*.mp4", "films/a.mp4", True),
        ("/2025/*.mp4", "films/2025/a.mp4", False),
        ("[!a]*.mp4", "films/b.mp4", True),
        ("[[]x].mp4", "films/[x].mp4", True),
        ("caf\u00e9.mp4", "films/cafe\u0301.mp4", True),
    ],
)
def test_a_glob_matches_as_documented(glob: str, key: str, expected: bool) -> None:
    assert parse_glob(glob).matches(key, "films/") is expected


@pytest.mark.parametrize("glob", ["", "/", "a[b", "a**", "x/a**b", "[z-a]", "a\x00", "a" * 1025, "[!]"])
def test_a_bad_glob_is_refused(glob: str) -> None:
    with pytest.raises(PatternInvalid):
        parse_glob(glob)


def test_no_glob_takes_long() -> None:
    stars, parts = parse_glob("*a" * 500), parse_glob("/".join(["**", "a"] * 200))

    assert not stars.matches("a" * 1000 + "b", "")
    assert not parts.matches("a/" * 500 + "b", "")
