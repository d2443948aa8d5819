"""Verdict about the use of a picture for its purpose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.pictures.verdict import Examined, FaceInPicture, PictureRule, faces_that_count, judge, remark
from scenedex.timeline import BoundingBox

RULE = PictureRule(formats=("jpg", "png", "webp"), min_side=256, needs_face=True, max_faces=1, is_embedded=False)
FACE = FaceInPicture((1.0, 0.0), 0.9)
SIZES = st.lists(st.floats(1, 4000), max_size=10).map(lambda sizes: sorted(sizes, reverse=True))


def code(looked: Examined, rule: PictureRule = RULE) -> str | None:
    message = judge(looked, rule)
    return None if message is None else message.partition(":")[0]


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ((), 0),
        ((200.0,), 1),
        ((23.9,), 0),
        ((24.0,), 1),
        ((200.0, 80.0), 2),
        ((200.0, 79.0), 1),
        ((200.0, 190.0, 30.0), 2),
        ((50.0, 23.0), 1),
    ],
)
def test_small_faces_and_those_in_the_background_do_not_count(sizes: tuple[float, ...], count: int) -> None:
    assert faces_that_count(sizes) == count


@given(SIZES)
def test_a_further_face_never_makes_fewer_count(sizes: list[float]) -> None:
    assert all(faces_that_count(sizes[:n]) <= faces_that_count(sizes[: n + 1]) for n in range(len(sizes)))


@given(SIZES, st.integers(256, 9000), st.integers(256, 9000))
def test_a_picture_is_of_use_if_exactly_one_face_counts(sizes: list[float], width: int, height: int) -> None:
    count = faces_that_count(sizes)

    found = code(Examined(width, height, tuple(sizes), (FACE,) if count else ()))

    assert found == {0: "NO_FACE", 1: None}.get(count, "SEVERAL_FACES")


@given(st.integers(1, 255), st.integers(1, 9000))
def test_the_shorter_side_decides_whatever_is_seen(short: int, long: int) -> None:
    assert code(Examined(short, long, (100.0,), (FACE,))) == "TOO_SMALL"
    assert code(Examined(long, short, (100.0,), (FACE,))) == "TOO_SMALL"


def test_the_message_says_the_size_in_plain_words() -> None:
    assert judge(Examined(120, 90), RULE) == (
        "TOO_SMALL: the picture is 120x90, a shorter side of 256 pixels is needed"
    )


@given(SIZES)
def test_where_no_face_is_needed_faces_do_not_matter(sizes: list[float]) -> None:
    rule = PictureRule(formats=("jpg",), min_side=224, needs_face=False, max_faces=5, is_embedded=True)

    assert code(Examined(224, 224, tuple(sizes)), rule) is None


LEFT, RIGHT = BoundingBox(0.1, 0.2, 0.3, 0.4), BoundingBox(0.5, 0.25, 0.2, 0.1)


def test_the_places_of_several_faces_are_named_in_pixels() -> None:
    examined = Examined(1000, 500, (200.0, 180.0, 30.0), (FACE,), boxes=(LEFT, RIGHT, RIGHT))

    assert judge(examined, RULE) == (
        "SEVERAL_FACES: the picture shows 2 faces, exactly one is needed. "
        "Crop it to one of them: 300x200 at (100, 100), 200x50 at (500, 125)"
    )


def test_the_face_that_was_taken_is_named_beside_smaller_ones() -> None:
    examined = Examined(1000, 500, (200.0, 30.0), (FACE,), boxes=(LEFT, RIGHT))

    assert judge(examined, RULE) is None
    assert remark(examined, RULE) == (
        "taken was the largest face, 300x200 at (100, 100). 1 smaller face does not count"
    )
    assert remark(Examined(1000, 500, (200.0,), (FACE,), boxes=(LEFT,)), RULE) is None
