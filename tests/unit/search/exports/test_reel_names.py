from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.exports.naming import reels_of


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
    assert list(reels_of(dict(enumerate(file_names))).values()) == reels


def test_reels_of_many_files_have_eight_characters_at_most() -> None:
    reels = reels_of(dict.fromkeys(range(1200), "interview.mp4"))

    assert (reels[0], reels[9], reels[10], reels[1199]) == ("INTERVIE", "INTERVI9", "INTERV10", "INTE1199")


@given(st.lists(st.text(st.sampled_from("aBx1 한.")) | st.text()))
def test_no_two_files_share_a_reel(file_names: list[str]) -> None:
    reels = reels_of(dict(enumerate(file_names)))

    assert len(set(reels.values())) == len(file_names)
    assert all(re.fullmatch("[A-Z0-9]{1,8}", reel) for reel in reels.values())
