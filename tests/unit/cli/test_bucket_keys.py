"""Keys that a command names in a bucket."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from scenedex.cli.user.bucket_keys import ChosenKeys, choose_keys, glob_pattern
from scenedex.client import Client
from scenedex.client.testing import Recorder

KEYS = ["a.mp4", "films/b.mp4", "films/old/c.MOV", "films/notes.txt", normalize("NFD", "é/한글.mp4")]


@pytest.mark.parametrize(
    ("glob", "key", "is_match"),
    [
        ("films/*.mp4", "films/a.mp4", True),
        ("films/*.mp4", "films/old/a.mp4", False),
        ("films/**.mp4", "films/old/a.mp4", True),
        ("**/*.mp4", "a.mp4", True),
        ("**/*.mp4", "films/old/a.mp4", True),
        ("a?.mp4", "ab.mp4", True),
        ("a?.mp4", "a/.mp4", False),
        ("take[1-3].mov", "take2.mov", True),
        ("take[!1-3].mov", "take2.mov", False),
        ("a+(b).mp4", "a+(b).mp4", True),
    ],
)
def test_globs_match_keys(glob: str, key: str, is_match: bool) -> None:  # a parameter of the test
    assert (glob_pattern(glob).fullmatch(key) is not None) is is_match


def chosen(*names: str, is_recursive: bool = False) -> ChosenKeys:
    """Choose keys of a bucket whose lists have all of its objects in one page."""
    service = Recorder()
    with Client("https://mi.test", "AK_TEST", "SK_TEST", transport=service) as client:
        for _ in range(3 * len(names)):
            service.add_result({"objects": [{"key": key} for key in sorted(KEYS)], "hasMore": False})
        return choose_keys(client.buckets("archive"), "films", names, is_recursive=is_recursive)


def test_a_glob_takes_videos_and_images_and_names_the_rest() -> None:
    found = chosen("films/**")

    assert list(found.keys) == ["films/b.mp4", "films/old/c.MOV"]
    assert list(found.skipped) == ["films/notes.txt"]


def test_a_prefix_takes_all_below_it() -> None:
    assert list(chosen("films/", is_recursive=True).keys) == ["films/b.mp4", "films/old/c.MOV"]
    assert len(chosen("", is_recursive=True).keys) == 4


@pytest.mark.parametrize("name", ["films/", "films"])
def test_a_folder_without_the_option_is_named_with_it(name: str) -> None:
    found = chosen(name)

    assert found.keys == []
    assert found.problems == [
        f'"{name}" is a folder of bucket "films", with films/b.mp4. To import what is in it, add --recursive.'
    ]


def test_names_are_found_in_either_normal_form() -> None:
    for form in ("NFC", "NFD"):
        key = normalize(form, "é/한글.mp4")
        assert chosen(key).keys == [key]
        assert chosen(normalize(form, "é/*.mp4")).keys == [KEYS[-1]]
        assert chosen(normalize(form, "é/"), is_recursive=True).keys == [KEYS[-1]]


def test_a_key_that_does_not_exist_is_named_with_keys_like_it() -> None:
    found = chosen("films/bb.mp4", "*.webm")

    assert list(found.problems) == [
        'Bucket "films" has no object "films/bb.mp4". Keys like it: films/b.mp4.',
        'Bucket "films" has no object that matches "*.webm".',
    ]
