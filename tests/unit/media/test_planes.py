"""Samples of planes against a plain calculation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.media.planes import PlaneSampler

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TAKEN_AS_THEY_ARE = (
    "yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv440p", "yuv411p", "yuva420p",
    "yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le", "yuv422p12le", "yuva444p10le",
    "nv12", "nv21", "nv16", "p010le", "p210le",
)  # fmt: skip
GREY = ("gray", "gray10le", "gray12le")
SCALED = ("gbrp", "gbrp10le", "rgb24", "bgr0", "yuyv422", "pal8", "yuv420p10be")


def still(name: str, width: int = 320, height: int = 180) -> av.VideoFrame:
    """A frame whose left half is darker than its right half, in some colour."""
    picture = np.full((height, width, 3), (200, 60, 90), np.uint8)
    picture[:, : width // 2] = (40, 90, 30)
    whole = av.VideoFrame.from_ndarray(picture, "rgb24")
    return whole.reformat(format="rgb8" if name == "pal8" else name)


def coarse(frame: av.VideoFrame) -> list[NDArray[np.uint8]]:
    """The planes of the same frame by the library's own conversion."""
    planes = frame.reformat(format="yuv444p").to_ndarray()
    return [planes[component] for component in range(3)]


@pytest.mark.parametrize("name", TAKEN_AS_THEY_ARE)
def test_samples_are_the_values_of_the_planes(name: str) -> None:
    frame = still(name)
    if "j" in name:
        expected = coarse(frame.reformat(format="yuv420p", src_color_range=2, dst_color_range=2))
        tolerance = 24
    else:
        expected, tolerance = coarse(frame), 3
    for sampled, plane in zip(PlaneSampler(frame).sample(frame), expected, strict=True):
        height, width = sampled.shape
        for column in (width // 5, width - width // 5):
            exact = plane[plane.shape[0] // 2, column * plane.shape[1] // width]
            assert abs(int(sampled[height // 2, column]) - int(exact)) <= tolerance


@pytest.mark.parametrize("name", GREY)
def test_grey_pictures_have_flat_chroma(name: str) -> None:
    frame = still(name)
    luma, *chroma = PlaneSampler(frame).sample(frame)
    assert luma.std() > 10
    assert all((plane == 128).all() for plane in chroma)


@pytest.mark.parametrize("name", SCALED)
def test_other_formats_go_through_the_scaler(name: str) -> None:
    frame = still(name)
    luma, u, v = PlaneSampler(frame).sample(frame)
    assert luma[:, 5].mean() + 10 < luma[:, -5].mean()
    assert u.shape == v.shape


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (854, 480), (640, 360), (608, 1080)])
def test_there_are_about_72_rows_of_luma_and_half_as_many_of_chroma(width: int, height: int) -> None:
    for name in (*TAKEN_AS_THEY_ARE, *GREY):
        frame = av.VideoFrame(width, height, name)
        luma, u, v = PlaneSampler(frame).sample(frame)
        assert 64 <= luma.shape[0] <= 90, name
        assert u.shape == v.shape, name
        for chroma_side, luma_side in zip(u.shape, luma.shape, strict=True):
            # Whole strides meet the half exactly in the common formats only.
            assert abs(chroma_side * 2 - luma_side) <= luma_side * 0.3, name


def test_samples_are_read_only_bytes_of_their_own() -> None:
    frame = still("yuv420p")
    for plane in PlaneSampler(frame).sample(frame):
        assert plane.dtype == np.uint8
        assert plane.flags.owndata
        assert not plane.flags.writeable


def test_a_frame_of_another_size_or_format_is_sampled_like_the_first() -> None:
    sampler = PlaneSampler(still("yuv420p"))
    shapes = [
        [plane.shape for plane in sampler.sample(frame)]
        for frame in (still("yuv420p"), still("yuv420p", 160, 90), still("yuv444p10le"), still("rgb24", 99, 55))
    ]
    assert all(one == other for one, other in pairwise(shapes))


@settings(deadline=None, max_examples=60)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    name=st.sampled_from(["yuv420p", "yuv422p10le", "nv12", "yuv411p", "gray", "rgb24"]),
)
def test_every_size_can_be_sampled(width: int, height: int, name: str) -> None:
    frame = av.VideoFrame(width, height, name)
    for plane in PlaneSampler(frame).sample(frame):
        assert plane.ndim == 2
        assert plane.size > 0


@pytest.mark.parametrize("offset", [0, 7])
def test_luma_is_taken_from_the_middle_of_each_cell(offset: int) -> None:
    def ramp(height: int, width: int) -> NDArray[np.uint8]:
        return ((np.arange(height)[:, None] * 3 + np.arange(width)[None, :] + offset) % 256).astype(np.uint8)

    frame = av.VideoFrame(640, 360, "gray")
    picture = ramp(360, 640)
    fill: Callable[[bytes], None] = frame.planes[0].update
    padded = np.zeros((360, frame.planes[0].line_size), np.uint8)
    padded[:, :640] = picture
    fill(padded.tobytes())
    luma = PlaneSampler(frame).sample(frame)[0]
    assert np.array_equal(luma, picture[2::5, 2::5])
