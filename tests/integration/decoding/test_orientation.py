"""The eight orientations of a picture."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from PIL import Image

from scenedex.media.orientation import Orientation, orientation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURE = np.arange(6, dtype=np.uint8).reshape(2, 3)


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (Orientation(), [[0, 1, 2], [3, 4, 5]]),
        (Orientation(is_mirrored=True), [[2, 1, 0], [5, 4, 3]]),
        (Orientation(is_upside_down=True), [[3, 4, 5], [0, 1, 2]]),
        (Orientation(is_mirrored=True, is_upside_down=True), [[5, 4, 3], [2, 1, 0]]),
        (Orientation(is_sideways=True), [[0, 3], [1, 4], [2, 5]]),
        (Orientation(is_sideways=True, is_mirrored=True), [[3, 0], [4, 1], [5, 2]]),
        (Orientation(is_sideways=True, is_upside_down=True), [[2, 5], [1, 4], [0, 3]]),
    ],
)
def test_a_picture_is_swapped_first_and_mirrored_then(
    orientation: Orientation, upright: Sequence[Sequence[int]]
) -> None:
    assert orientation.upright(PICTURE).tolist() == upright


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("hflip", [False, True])
@pytest.mark.parametrize("vflip", [False, True])
def test_the_container_is_understood_as_its_writer_meant_it(degrees: int, *, hflip: bool, vflip: bool) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        stream = target.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.set_display_rotation(degrees, hflip=hflip, vflip=vflip)
        target.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")))
        target.mux(stream.encode(None))
    out.seek(0)
    with av.open(out, "r") as source:
        orientation = orientation_of(next(source.decode(video=0)))
    expected = np.rot90(PICTURE, degrees // 90)
    expected = expected[:, ::-1] if hflip else expected
    expected = expected[::-1] if vflip else expected
    assert orientation.upright(PICTURE).tolist() == expected.tolist()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_film_whose_pictures_have_notes_of_a_camera_is_turned_as_well(degrees: int) -> None:
    exif, jpeg, out = Image.Exif(), io.BytesIO(), io.BytesIO()
    exif[0x010F] = "a maker"
    Image.new("RGB", (64, 48)).save(jpeg, "JPEG", exif=exif)
    with av.open(out, "w", format="mov") as target:
        stream = target.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        stream.set_display_rotation(degrees)
        packet = av.Packet(jpeg.getvalue())
        packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 25)
        target.mux(packet)
    out.seek(0)
    with av.open(out, "r") as source:
        orientation = orientation_of(next(source.decode(video=0)))
    assert orientation.upright(PICTURE).tolist() == np.rot90(PICTURE, degrees // 90).tolist()
