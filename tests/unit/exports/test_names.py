from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.exports.text import attachment, reel_of, reels_of, stem_of

DISPOSITION = re.compile(r"attachment; filename=\"([A-Za-z0-9._ -]+)\"; filename\*=UTF-8''([A-Za-z0-9._~%-]+)")


@pytest.mark.parametrize(
    ("file_name", "stem"),
    [
        ("interview.mp4", "interview"),
        ("인터뷰 1.mp4", "인터뷰 1"),
        ("archive.tar.gz", "archive.tar"),
        ("../clip.mp4", "_clip"),
        ("a\\b:c.mp4", "a_b_c"),
        (".mp4", "mp4"),
        ("...", "index"),
        ("", "index"),
    ],
)
def test_a_file_is_called_by_its_media_file(file_name: str, stem: str) -> None:
    assert stem_of(file_name) == stem


def test_a_name_is_given_in_plain_letters_and_in_full() -> None:
    assert attachment("인터뷰 1.mp4", "srt") == (
        "attachment; filename=\"___ 1.srt\"; filename*=UTF-8''%EC%9D%B8%ED%84%B0%EB%B7%B0%201.srt"
    )


@given(st.text())
def test_no_name_breaks_out_of_its_header_or_folder(file_name: str) -> None:
    header = DISPOSITION.fullmatch(attachment(file_name, "srt"))

    assert header
    full = unquote(header.group(2))
    assert full.endswith(".srt")
    assert not set(full) & set('/\\"\r\n\0')
    assert not full.startswith(".")


@given(st.text())
def test_a_reel_is_one_to_eight_letters_and_digits(file_name: str) -> None:
    assert re.fullmatch("[A-Z0-9]{1,8}", reel_of(file_name))


@pytest.mark.parametrize(
    ("file_names", "reels"),
    [
        (["interview.mp4", "concert.mp4"], ["INTERVIE", "CONCERT"]),
        (["interview 1.mp4", "interview 2.mp4", "interview 3.mp4"], ["INTERVIE", "INTERVI1", "INTERVI2"]),
        (["a1.mp4", "a.mp4", "A.mov"], ["A1", "A", "A2"]),
        (["인터뷰.mp4", "インタビュー.mp4"], ["AX1", "AX2"]),
        (["black.mp4", "bl.mp4", "bars.mp4"], ["BLACK1", "BL1", "BARS1"]),
    ],
    ids=["different", "alike at the start", "one that has a number", "other letters", "special"],
)
def test_reels_are_named_by_their_files(file_names: list[str], reels: list[str]) -> None:
    assert list(reels_of({key: (name, None) for key, name in enumerate(file_names)}).values()) == reels


def test_reels_of_many_files_have_eight_characters_at_most() -> None:
    reels = reels_of(dict.fromkeys(range(1200), ("interview.mp4", None)))

    assert (reels[0], reels[9], reels[10], reels[1199]) == ("INTERVIE", "INTERVI9", "INTERV10", "INTE1199")


@given(st.lists(st.text(st.sampled_from("aBx1 한.")) | st.text()))
def test_no_two_files_share_a_reel(file_names: list[str]) -> None:
    reels = reels_of({key: (name, None) for key, name in enumerate(file_names)})

    assert len(set(reels.values())) == len(file_names)
    assert all(re.fullmatch("[A-Z0-9]{1,8}", reel) for reel in reels.values())


def test_a_stated_reel_is_kept_and_shared() -> None:
    reels = reels_of({1: ("a001.mov", "A001_C002"), 2: ("b.mov", "A001C002"), 3: ("a001c002.mov", None)})

    assert reels == {1: "A001C002", 2: "A001C002", 3: "A001C001"}
