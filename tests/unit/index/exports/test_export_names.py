from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.exports.naming import attachment, reel_of, stem_of

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
