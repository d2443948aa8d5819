from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.assets.acceptance import (
    AcceptanceLimits,
    EarlyEnd,
    Kind,
    Rejection,
    early_end,
    explain,
    judge,
    limit_of,
    remark_on,
)

LIMITS = AcceptanceLimits()
HOURS_6 = 6 * 3600
GIGABYTES_10, MEGABYTES_10 = 10 * 1000**3, 10 * 1000**2


def verdict(
    kind: Kind = Kind.VIDEO, size: tuple[int, int] = (1920, 1080), seconds: Fraction | int = 60, size_bytes: int = 1000
) -> Rejection | None:
    return judge(kind, width=size[0], height=size[1], duration=Fraction(seconds), size_bytes=size_bytes, limits=LIMITS)


@pytest.mark.parametrize(
    "size", [(640, 360), (360, 640), (360, 360), (1920, 1080), (1080, 1920), (1080, 1080), (2560, 1080), (10_000, 720)]
)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_shorter_side_from_360_to_1080_is_accepted(kind: Kind, size: tuple[int, int]) -> None:
    assert verdict(kind, size) is None


@pytest.mark.parametrize("size", [(640, 359), (359, 640), (1920, 1081), (1081, 1920), (3840, 2160), (10_000, 10_000)])
@pytest.mark.parametrize("kind", list(Kind))
def test_any_other_shorter_side_is_refused(kind: Kind, size: tuple[int, int]) -> None:
    assert verdict(kind, size) is Rejection.RESOLUTION


@pytest.mark.parametrize(
    ("rejection", "kind", "short_side", "limit"),
    [
        (Rejection.RESOLUTION, Kind.VIDEO, 2160, "limits.max_short_side is 1080"),
        (Rejection.RESOLUTION, Kind.IMAGE, 359, "limits.min_short_side is 360"),
        (Rejection.LENGTH, Kind.VIDEO, 720, "limits.max_video_seconds is 21600"),
        (Rejection.SIZE, Kind.VIDEO, 720, "limits.max_video_bytes is 10000000000"),
        (Rejection.SIZE, Kind.IMAGE, 720, "limits.max_image_bytes is 10000000"),
        (Rejection.FORMAT, Kind.VIDEO, 720, None),
    ],
)
def test_a_refusal_has_the_setting_that_refuses(
    rejection: Rejection, kind: Kind, short_side: int, limit: str | None
) -> None:
    assert limit_of(rejection, kind, short_side=short_side, limits=LIMITS) == limit


@pytest.mark.parametrize("seconds", [0, Fraction(1, 30), HOURS_6, HOURS_6 + 1])
def test_a_video_of_up_to_six_hours_is_accepted(seconds: Fraction | int) -> None:
    assert verdict(seconds=seconds) is None


@pytest.mark.parametrize("seconds", [HOURS_6 + 1 + Fraction(1, 1000), 7 * 3600])
def test_a_longer_video_is_refused(seconds: Fraction | int) -> None:
    assert verdict(seconds=seconds) is Rejection.LENGTH


def test_an_image_has_no_length() -> None:
    assert verdict(Kind.IMAGE, seconds=10 * 3600) is None


@pytest.mark.parametrize(("kind", "most"), [(Kind.VIDEO, GIGABYTES_10), (Kind.IMAGE, MEGABYTES_10)])
def test_a_file_may_have_exactly_as_many_bytes_as_its_kind_allows(kind: Kind, most: int) -> None:
    assert (verdict(kind, size_bytes=most), verdict(kind, size_bytes=most + 1)) == (None, Rejection.SIZE)


@pytest.mark.parametrize(
    ("size", "seconds", "size_bytes", "expected"),
    [
        ((100, 100), 7 * 3600, GIGABYTES_10 + 1, Rejection.SIZE),
        ((100, 100), 7 * 3600, 1, Rejection.RESOLUTION),
        ((640, 360), 7 * 3600, 1, Rejection.LENGTH),
    ],
)
def test_the_first_of_size_resolution_and_length_is_named(
    size: tuple[int, int], seconds: int, size_bytes: int, expected: Rejection
) -> None:
    assert verdict(size=size, seconds=seconds, size_bytes=size_bytes) is expected


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_turning_a_picture_changes_nothing(width: int, height: int) -> None:
    assert verdict(size=(width, height)) is verdict(size=(height, width))


# Source: Get media asset registration status, except for the message about the size.
@pytest.mark.parametrize(
    ("rejection", "words"),
    [
        (Rejection.RESOLUTION, "Unsupported resolution (supported resolutions: 360p to 1080p)"),
        (Rejection.LENGTH, "Unsupported video length (up to 6 hours)"),
        (Rejection.FORMAT, "Unsupported file format (supported resolutions: 360p to 1080p, up to 6 hours)"),
        (Rejection.SIZE, "Unsupported file size (up to 10 GB / 10 MB)"),
    ],
    ids=lambda value: value.name if isinstance(value, Rejection) else "",
)
def test_a_refusal_is_explained_in_the_vendor_s_words(rejection: Rejection, words: str) -> None:
    assert explain(rejection, LIMITS) == words


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (AcceptanceLimits(max_video_seconds=3600), "Unsupported video length (up to 1 hour)"),
        (AcceptanceLimits(max_video_seconds=5400), "Unsupported video length (up to 1.5 hours)"),
    ],
)
def test_an_explanation_names_the_configured_length(limits: AcceptanceLimits, words: str) -> None:
    assert explain(Rejection.LENGTH, limits) == words


def test_an_explanation_names_the_configured_sizes() -> None:
    limits = AcceptanceLimits(max_video_bytes=2_500_000, max_image_bytes=900)

    assert explain(Rejection.SIZE, limits) == "Unsupported file size (up to 2.5 MB / 900 bytes)"


@pytest.mark.parametrize(
    ("duration", "missing_ms", "missing_share", "remark", "is_refused"),
    [
        (Fraction(95, 10), 500, None, "The file ends early: the last 0.5 s of 10.0 s are missing.", False),
        (
            Fraction(5),
            5_000,
            None,
            "The file ends early: 5.0 s of 10.0 s are there. The setting limits.min_intact_share is 0.9.",
            True,
        ),
        (Fraction(0), 0, 0.08, "The file ends early: the last 8 % of the picture are missing.", False),
        (Fraction(0), 0, 0.0, "The file ends early: details of the picture are missing.", False),
        (
            Fraction(0),
            0,
            0.4,
            "The file ends early: 60 % of the picture are there. The setting limits.min_intact_share is 0.9.",
            True,
        ),
    ],
)
def test_a_file_that_ends_early_is_accepted_if_most_of_it_is_there(
    duration: Fraction, missing_ms: int, missing_share: float | None, remark: str, *, is_refused: bool
) -> None:
    limits = AcceptanceLimits(min_intact_share=0.9)

    found = early_end(
        duration=duration, missing_ms=missing_ms, is_open=False, missing_share=missing_share, limits=limits
    )

    assert found == EarlyEnd(remark, is_refused)


def test_a_whole_file_needs_no_remark() -> None:
    limits = AcceptanceLimits()

    assert early_end(duration=Fraction(9), missing_ms=0, is_open=False, missing_share=None, limits=limits) is None


def test_a_recording_of_unknown_length_that_ends_early_is_accepted_with_a_remark() -> None:
    limits = AcceptanceLimits()

    found = early_end(duration=Fraction(9), missing_ms=0, is_open=True, missing_share=None, limits=limits)

    remark = "The recording ends early. Its first 9.0 s are imported, and how much is missing is not known."
    assert found == EarlyEnd(remark, is_refused=False)


def test_remarks_on_a_file_follow_one_another() -> None:
    dolby_vision = "The film is Dolby Vision 5 without a base layer: its colours are approximate."

    assert remark_on(None, is_dolby_vision_5=False) is None
    assert remark_on(EarlyEnd("It ends early.", is_refused=False), is_dolby_vision_5=False) == "It ends early."
    assert remark_on(EarlyEnd("It ends early.", is_refused=False), is_dolby_vision_5=True) == (
        f"It ends early. {dolby_vision}"
    )
