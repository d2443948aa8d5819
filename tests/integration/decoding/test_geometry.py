"""Size and shape of pictures: crops, projections and growing recordings of Matroska, and transparency."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest

from colour_films import ColourForm, film_of, tags_of
from matroska_edits import SEGMENT, TRACK_ENTRY, TRACKS, VIDEO, element, number, with_elements
from scenedex.media.errors import MediaUnreadable
from scenedex.media.probe_entry import measure
from scenedex.media.samples import drifting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.video.stream import VideoStream
    from numpy.typing import NDArray
    from tests.integration.decoding.conftest import OpenBytes

CROP_BOTTOM, CROP_TOP, CROP_LEFT, CROP_RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD
DISPLAY_WIDTH, DISPLAY_HEIGHT, DISPLAY_UNIT = 0x54B0, 0x54BA, 0x54B2
PROJECTION, POSE_ROLL = 0x7670, 0x7675
IN_VIDEO = (SEGMENT, TRACKS, TRACK_ENTRY, VIDEO)


def framed(
    width: int = 320, height: int = 240, border: tuple[int, int, int, int] = (0, 30, 0, 30)
) -> NDArray[np.uint8]:
    """A green picture with a red corner at the top left, in a black frame of these widths: left, top, right, bottom."""
    picture = np.zeros((height, width, 3), np.uint8)
    left, top, right, bottom = border
    inner = picture[top : height - bottom, left : width - right]
    inner[:] = (30, 180, 60)
    inner[: len(inner) // 3, : inner.shape[1] // 3] = (200, 30, 30)
    return picture


def matroska(pictures: Sequence[NDArray[np.uint8]], codec: str = "libx264", pixel_format: str = "yuv420p") -> bytes:
    form = ColourForm(container="matroska", codec=codec, pixel_format=pixel_format, tags=tags_of(1, 1, 1))
    return film_of(
        [av.VideoFrame.from_ndarray(one, "rgb24").reformat(format=pixel_format, dst_colorspace=1) for one in pictures],
        form,
    )


def first_picture(opened: OpenBytes, data: bytes, max_height: int = 1000) -> NDArray[np.uint8]:
    with opened(data).video(threads=1) as video:
        return next(iter(video.frames())).rgb(max_height)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le", "yuv422p", "yuv444p"])
@pytest.mark.parametrize("border", [(0, 30, 0, 30), (40, 0, 40, 0), (16, 20, 32, 40), (3, 5, 7, 9)])
def test_a_crop_of_matroska_is_not_shown(
    opened: OpenBytes, border: tuple[int, int, int, int], pixel_format: str
) -> None:
    left, top, right, bottom = border
    added = b"".join(
        number(kind, side) for kind, side in zip((CROP_LEFT, CROP_TOP, CROP_RIGHT, CROP_BOTTOM), border, strict=True)
    )
    data = with_elements(matroska([framed(border=border)] * 3, pixel_format=pixel_format), IN_VIDEO, added)

    found = measure(opened(data), b"")
    picture = first_picture(opened, data).astype(int)

    assert (found.width, found.height) == (320 - left - right, 240 - top - bottom)
    assert picture.shape == (240 - top - bottom, 320 - left - right, 3)
    assert np.abs(picture[-12:, -12:] - (30, 180, 60)).mean() < 40
    assert np.abs(picture[6:14, 6:14] - (200, 30, 30)).mean() < 25


@pytest.mark.parametrize(
    ("display", "shape"),
    [((320, 240), (180, 320)), ((320, 180), (180, 320)), ((240, 180), (180, 240))],
    ids=["size before the crop", "size after the crop", "narrow pixels"],
)
def test_the_display_size_is_that_of_the_cropped_picture(
    opened: OpenBytes, display: tuple[int, int], shape: tuple[int, int]
) -> None:
    added = b"".join(
        number(kind, value)
        for kind, value in (
            (CROP_TOP, 30),
            (CROP_BOTTOM, 30),
            (DISPLAY_WIDTH, display[0]),
            (DISPLAY_HEIGHT, display[1]),
            (DISPLAY_UNIT, 0),
        )
    )
    data = with_elements(
        matroska([framed()] * 3), IN_VIDEO, added, removed=(DISPLAY_WIDTH, DISPLAY_HEIGHT, DISPLAY_UNIT)
    )
    assert first_picture(opened, data).shape[:2] == shape


def test_a_crop_of_everything_is_refused(opened: OpenBytes) -> None:
    data = with_elements(matroska([framed()] * 3), IN_VIDEO, number(CROP_TOP, 200) + number(CROP_BOTTOM, 200))
    with pytest.raises(MediaUnreadable):
        measure(opened(data), b"")


def test_the_projection_of_matroska_turns_pictures(opened: OpenBytes) -> None:
    roll = element(PROJECTION, element(POSE_ROLL, struct.pack(">f", 90.0)))
    data = with_elements(matroska([framed(border=(0, 0, 0, 0))] * 3), IN_VIDEO, roll)
    found = measure(opened(data), b"")
    assert (found.width, found.height) == (240, 320)
    assert first_picture(opened, data).shape == (320, 240, 3)


def growing(codec: str, container: str, sizes: Sequence[tuple[int, int]], header: tuple[int, int]) -> bytes:
    """A recording with a second of pictures of each size, and a header with another one."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        stream = cast("VideoStream", target.add_stream(codec, rate=10))
        stream.width, stream.height, stream.pix_fmt = header[0], header[1], "yuv420p"
        for second, (width, height) in enumerate(sizes):
            context = cast("av.VideoCodecContext", av.CodecContext.create(codec, "w"))
            context.width, context.height, context.pix_fmt = width, height, "yuv420p"
            context.time_base = Fraction(1, 10)
            context.options = {"deadline": "realtime", "cpu-used": "8"}
            frames = [
                av.VideoFrame.from_ndarray(drifting(1, width, height)(one), "rgb24").reformat(format="yuv420p")
                for one in range(10)
            ]
            for one, frame in enumerate(frames):
                frame.pts, frame.time_base = one, Fraction(1, 10)
            for packet in [*(packet for frame in frames for packet in context.encode(frame)), *context.encode(None)]:
                assert packet.pts is not None
                packet.pts = packet.dts = packet.pts + second * 10
                packet.stream, packet.time_base = stream, Fraction(1, 10)
                target.mux(packet)
    return out.getvalue()


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
@pytest.mark.parametrize(
    ("sizes", "header"),
    [
        ([(320, 180), (640, 360), (960, 540)], (320, 180)),
        ([(320, 180), (640, 360)], (960, 540)),
        ([(960, 540), (320, 180)], (320, 180)),
    ],
    ids=["beyond its header", "towards its header", "and shrinks"],
)
def test_a_growing_recording_has_its_largest_size(
    opened: OpenBytes, codec: str, sizes: list[tuple[int, int]], header: tuple[int, int]
) -> None:
    data = growing(codec, "webm", sizes, header)
    found = measure(opened(data), b"")
    with opened(data).video(threads=1) as video:
        frames = list(video.frames())

    assert (found.width, found.height) == (960, 540)
    assert len(frames) == 10 * len(sizes)
    assert {frame.rgb(1000).shape for frame in (frames[0], frames[-1])} == {(540, 960, 3)}


def test_a_header_alone_does_not_count(opened: OpenBytes) -> None:
    found = measure(opened(growing("libvpx", "webm", [(320, 180)] * 2, (960, 540))), b"")
    assert (found.width, found.height) == (320, 180)


def transparent(codec: str, container: str, pixel_format: str) -> bytes:
    """A film of a green square before nothing."""
    picture = np.zeros((96, 128, 4), np.uint8)
    picture[24:72, 32:96] = (30, 180, 60, 255)
    form_options = {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "0"} if "vpx" in codec else {}
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        stream = cast("VideoStream", target.add_stream(codec, rate=25, options=form_options))
        stream.width, stream.height, stream.pix_fmt = 128, 96, pixel_format
        if "vpx" in codec:
            stream.metadata["alpha_mode"] = "1"
        for index in range(3):
            frame = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format=pixel_format)
            frame.pts, frame.time_base = index, Fraction(1, 25)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize(
    ("codec", "container", "pixel_format"),
    [
        ("libvpx-vp9", "webm", "yuva420p"),
        ("libvpx", "webm", "yuva420p"),
        ("libvpx-vp9", "matroska", "yuva420p"),
        ("prores_ks", "mov", "yuva444p10le"),
    ],
)
def test_transparent_parts_of_films_are_white(opened: OpenBytes, codec: str, container: str, pixel_format: str) -> None:
    with opened(transparent(codec, container, pixel_format)).video(threads=1) as video:
        frames = list(video.frames())
    picture = frames[-1].rgb(96).astype(int)
    assert [frame.time.seconds for frame in frames] == [Fraction(one, 25) for one in range(3)]
    assert picture[:12, :12].min() > 245
    assert np.abs(picture[36:60, 48:80].mean(axis=(0, 1)) - (30, 180, 60)).max() < 12
