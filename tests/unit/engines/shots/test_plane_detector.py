from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.engines.drawn import ArrayFrame, black, dissolve, fade_out, place, shown, speaker, still
from scenedex.engines.shots import Boundary, FrameOutOfOrder
from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def boundaries_of(frames: Sequence[ArrayFrame]) -> list[Boundary]:
    detector = PlaneShotDetector()
    return [*(boundary for frame in frames for boundary in detector.feed(frame)), *detector.finish()]


def found(frames: Sequence[ArrayFrame]) -> list[tuple[int, str]]:
    return [(b.index, b.transition.value) for b in boundaries_of(frames)]


def test_a_cut_lies_at_the_first_frame_of_the_new_shot() -> None:
    assert found(shown(still(1, 40) + still(2, 40))) == [(40, "cut")]


def test_frames_are_in_order_however_close_their_times() -> None:
    picture = place(1).clip(0, 255).astype(np.uint8)
    times = [10**6 + Fraction(n, 10**15) for n in range(40)]
    detector = PlaneShotDetector()
    for index, time in enumerate(times):
        detector.feed(ArrayFrame.grey(index, Timecode(time), picture.copy()))

    with pytest.raises(FrameOutOfOrder):
        detector.feed(ArrayFrame.grey(40, Timecode(times[-1]), picture.copy()))


def test_one_shot_has_no_boundary() -> None:
    assert found(shown(still(1, 200))) == []


@settings(max_examples=25, deadline=None)
@given(lengths=st.lists(st.integers(9, 60), min_size=1, max_size=8), first=st.integers(0, 10_000))
def test_every_cut_between_unlike_still_shots_is_found_and_nothing_else(lengths: list[int], first: int) -> None:
    pictures = [picture for n, length in enumerate(lengths) for picture in still(first + n, length)]

    assert [index for index, _ in found(shown(pictures))] == [sum(lengths[: n + 1]) for n in range(len(lengths) - 1)]


@pytest.mark.parametrize("length", [1, 2, 3, 5, 7])
def test_a_shot_of_a_few_frames_has_both_its_cuts(length: int) -> None:
    assert found(shown(still(1, 40) + still(2, length) + still(3, 40))) == [(40, "cut"), (40 + length, "cut")]


def test_a_single_foreign_frame_in_a_running_shot_is_a_shot() -> None:
    assert found(shown(still(1, 40) + still(2, 1) + still(1, 40))) == [(40, "cut"), (41, "cut")]


@pytest.mark.parametrize("strength", [0.4, 0.7, 1.0])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_flash_is_no_boundary(length: int, strength: float) -> None:
    pictures = still(1, 90)
    for n in range(40, 40 + length):
        pictures[n] = pictures[n] * np.float32(1 - strength) + np.float32(255 * strength)

    assert found(shown(pictures)) == []


def test_two_flashes_in_a_row_are_no_boundary() -> None:
    pictures = still(1, 90)
    for n in (40, 41, 44):
        pictures[n] = pictures[n] * np.float32(0.3) + np.float32(170)

    assert found(shown(pictures)) == []


def test_a_dropped_frame_shown_black_is_no_boundary() -> None:
    assert found(shown(still(1, 40) + black(1) + still(1, 40))) == []


def test_a_light_that_goes_out_is_no_boundary() -> None:
    assert found(shown(still(1, 40) + [picture * np.float32(0.55) for picture in still(1, 40)])) == []


def test_a_caption_that_appears_is_no_boundary() -> None:
    after = still(1, 40)
    for picture in after:
        picture[52:68, 8:120] = 235

    assert found(shown(still(1, 40) + after)) == []


def test_a_caption_that_dissolves_in_is_no_boundary() -> None:
    pictures = still(1, 120)
    for n, picture in enumerate(pictures[40:], 1):
        share = np.float32(min(1.0, n / 20))
        picture[24:48, 30:100] += (235 - picture[24:48, 30:100]) * share

    assert found(shown(pictures)) == []


def test_a_cut_between_dark_shots_is_found() -> None:
    assert found(shown(still(1, 40, low=18, high=30) + still(2, 40, low=18, high=30))) == [(40, "cut")]


@pytest.mark.parametrize("count", [1, 2])
def test_a_cut_blended_by_a_frame_rate_conversion_is_one_boundary(count: int) -> None:
    boundaries = found(shown(still(1, 40) + dissolve(1, 2, count) + still(2, 40)))

    assert [kind for _, kind in boundaries] == ["cut"]
    assert 40 <= boundaries[0][0] <= 40 + count


def barred(picture: NDArray[np.float32], rows: slice, columns: slice) -> NDArray[np.float32]:
    framed = np.full_like(picture, 16)
    framed[rows, columns] = picture[rows, columns]
    return framed


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (slice(None), slice(44, 84)),
        (slice(None), slice(0, 50)),
        (slice(24, 48), slice(None)),
        (slice(6, 50), slice(30, 120)),
    ],
    ids=["portrait in landscape", "one side", "letterbox", "all sides"],
)
def test_bars_of_any_side_hide_no_transition(rows: slice, columns: slice) -> None:
    pictures = still(1, 60) + still(2, 60) + dissolve(2, 3, 20) + still(3, 60)

    boundaries = found(shown([barred(picture, rows, columns) for picture in pictures]))

    assert [kind for _, kind in boundaries] == ["cut", "dissolve"]
    assert boundaries[0][0] == 60
    assert abs(boundaries[1][0] - 130) <= 4


def test_a_cut_in_the_large_part_of_a_static_frame_is_found() -> None:
    page = place(9)
    pictures = [barred(picture, slice(4, 68), slice(4, 76)) for picture in still(1, 40) + still(2, 40)]
    for picture in pictures:
        picture[:, 80:] = page[:, 80:]

    assert found(shown(pictures)) == [(40, "cut")]


def test_a_cut_in_a_small_part_of_a_static_frame_is_no_boundary() -> None:
    pictures = still(9, 80)
    for picture, inner in zip(pictures, still(1, 40) + still(2, 40), strict=True):
        picture[8:40, 8:56] = inner[8:40, 8:56]

    assert found(shown(pictures)) == []


def subject(seed: int, top: int, left: int, height: int) -> NDArray[np.float32]:
    wall = np.full((72, 128), 150, np.float32)
    wall[top : top + height, left : left + 24] = place(seed)[top : top + height, left : left + 24]
    return wall


def test_a_jump_cut_of_a_subject_before_a_plain_wall_is_found() -> None:
    near, far = subject(1, 20, 50, 52), subject(2, 32, 60, 36)

    assert found(shown([near] * 40 + [far] * 40)) == [(40, "cut")]


def test_a_subject_that_appears_before_a_plain_wall_is_no_boundary() -> None:
    assert found(shown([subject(1, 20, 50, 0)] * 40 + [subject(1, 20, 50, 20)] * 40)) == []


def test_a_jump_cut_of_a_speaker_in_one_place_is_found() -> None:
    assert found(shown(speaker(0, 40) + speaker(12, 40))) == [(40, "cut")]


def test_an_exposure_that_adapts_is_no_boundary() -> None:
    sky = np.linspace(120, 150, 72, dtype=np.float32)[:, None] + np.zeros((72, 128), np.float32)
    sky[30:34, 60:70] = 240
    pictures = [sky + 40 * np.float32(np.clip((n - 60) / 20, 0, 1)) for n in range(140)]

    assert found(shown(pictures)) == []


def test_something_small_that_appears_and_vanishes_on_white_is_no_fade() -> None:
    white = np.full((72, 128), 250, np.float32)
    dotted = white.copy()
    dotted[30:32, 60:62] = 150

    assert found(shown([white] * 10 + [dotted] * 20 + [white] * 20 + [dotted] * 40)) == []


def laid(old: NDArray[np.float32], new: NDArray[np.float32], share: float, kind: str) -> NDArray[np.float32]:
    """Return a frame of a transition: ``share`` of it, 0-1, has passed."""
    rows, columns = np.mgrid[0:72, 0:128]
    if kind == "push":
        step = round(share * 128)
        return np.concatenate([old, new], axis=1)[:, step : step + 128]
    if kind == "zoom":
        height, width = max(1, round(share * 72)), max(1, round(share * 128))
        top, left = (72 - height) // 2, (128 - width) // 2
        frame = old.copy()
        small = new[np.arange(height) * 72 // height][:, np.arange(width) * 128 // width]
        frame[top : top + height, left : left + width] = small
        return frame
    fronts = {
        "left": 1 - columns / 128,
        "down": rows / 72,
        "diagonal": rows / 144 + columns / 256,
        "circle": np.hypot(rows - 36, columns - 64) / 74,
        "blinds": (columns % 32) / 32,
    }
    return np.where(fronts[kind] < share, new, old)


@pytest.mark.parametrize("kind", ["left", "down", "diagonal", "circle", "blinds", "push", "zoom"])
@pytest.mark.parametrize("length", [10, 24])
def test_a_wipe_push_or_zoom_is_one_boundary_in_its_middle(kind: str, length: int) -> None:
    old, new = place(1), place(2)
    passing = [laid(old, new, (n + 1) / (length + 1), kind) for n in range(length)]

    boundaries = found(shown([*still(1, 60), *passing, *still(2, 60)]))

    assert [kind for _, kind in boundaries] == ["wipe"]
    assert abs(boundaries[0][0] - (60 + length / 2)) <= max(2, length / 5)


@pytest.mark.parametrize("speed", [1, 3, 6])
def test_a_pan_is_no_boundary(speed: int) -> None:
    wide = np.concatenate([place(seed) for seed in range(6)], axis=1)

    assert found(shown([wide[:, speed * n : speed * n + 128] for n in range(100)])) == []


def test_a_shaking_camera_is_no_boundary() -> None:
    wide = np.pad(place(1), 12, mode="reflect")
    chance = np.random.default_rng(5)
    offsets = chance.integers(0, 24, (120, 2))

    assert found(shown([wide[y : y + 72, x : x + 128] for y, x in offsets])) == []


@pytest.mark.parametrize("length", [5, 8, 12, 25, 40, 60])
def test_a_dissolve_is_one_boundary_inside_it(length: int) -> None:
    (boundary,) = boundaries_of(shown(still(1, 60) + dissolve(1, 2, length) + still(2, 60)))

    assert boundary.transition.value == "dissolve"
    assert abs(boundary.index - (60 + length / 2)) <= max(2, length / 5)
    assert boundary.extent is not None
    begin, end = (float(time.seconds * 25) for time in (boundary.extent.start, boundary.extent.end))
    assert begin == pytest.approx(60, abs=max(3, length / 5))
    assert end == pytest.approx(60 + length, abs=max(3, length / 5))


@pytest.mark.parametrize("rate", [12, 25, 30, 50, 60])
def test_a_dissolve_is_found_at_any_frame_rate(rate: int) -> None:
    around = 2 * rate

    boundaries = found(shown(still(1, around) + dissolve(1, 2, rate) + still(2, around), rate=rate))

    assert [kind for _, kind in boundaries] == ["dissolve"]
    assert around <= boundaries[0][0] < around + rate


@pytest.mark.parametrize("dark", [2, 12, 50])
def test_a_fade_through_black_is_one_boundary_in_the_middle_of_black(dark: int) -> None:
    pictures = still(1, 40) + fade_out(1, 15) + black(dark) + fade_out(2, 15)[::-1] + still(2, 40)

    boundaries = found(shown(pictures))

    assert [kind for _, kind in boundaries] == ["fade"]
    assert abs(boundaries[0][0] - (55 + dark / 2)) <= 2


def test_long_black_is_one_boundary_reported_without_waiting_for_its_end() -> None:
    detector = PlaneShotDetector()
    pictures = still(1, 40) + fade_out(1, 15) + black(2000)

    boundaries = [b for frame in shown(pictures) for b in detector.feed(frame)]

    assert len(boundaries) == 1
    assert 55 <= boundaries[0].index <= 155


def test_black_at_the_start_and_at_the_end_is_no_boundary() -> None:
    pictures = black(20) + fade_out(1, 15)[::-1] + still(1, 60) + fade_out(1, 15) + black(20)

    assert found(shown(pictures)) == []


def test_a_cut_out_of_black_is_the_boundary_of_what_faded_into_it() -> None:
    assert found(shown(still(1, 60) + fade_out(1, 15) + black(10) + still(2, 60))) == [(85, "cut")]


def test_cuts_are_found_in_animation_that_repeats_every_frame() -> None:
    wide = np.concatenate([place(seed) for seed in range(3)], axis=1)
    moving = [wide[:, 2 * (n // 2) : 2 * (n // 2) + 128] for n in range(60)]

    assert found(shown([*moving, *still(9, 41)])) == [(60, "cut")]


def test_a_cut_keeps_its_exact_time_at_a_variable_frame_rate() -> None:
    chance = np.random.default_rng(3)
    steps = chance.integers(1, 4, 100)
    times = [Fraction(int(steps[:n].sum()), 60) for n in range(100)]
    detector = PlaneShotDetector()

    frames = shown(still(1, 50) + still(2, 50), times=times)
    boundaries = [b for frame in frames for b in detector.feed(frame)] + list(detector.finish())

    assert [(b.index, b.time) for b in boundaries] == [(50, Timecode(times[50]))]


def test_a_picture_size_that_changes_in_the_middle_is_no_error() -> None:
    small = [picture[::2, ::2] for picture in still(2, 43)]

    assert found(shown(still(1, 43) + small)) == [(43, "cut")]


def test_memory_does_not_grow_with_the_length() -> None:
    detector = PlaneShotDetector()
    frame = shown([place(1)])[0].sampled_planes()
    sizes: list[int] = []
    for n in range(4000):
        detector.feed(ArrayFrame(n, Timecode(Fraction(n, 25)), frame))
        if n % 1000 == 999:
            sizes.append(detector.held_rows)

    assert max(sizes) <= 1500
