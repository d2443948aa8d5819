"""Pictures of interlaced films have no combs, and keep what stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from colour_films import ColourForm, film_of, tags_of
from scenedex.media.deinterlacing import has_combs, without_combs
from scenedex.media.samples import drifting

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.integration.decoding.conftest import OpenBytes

WIDTH, HEIGHT = 720, 576
X264 = {"flags": "+ildct+ilme", "x264-params": "tff=1:bframes=0"}


def scene(moment: int) -> NDArray[np.uint8]:
    """Bars that move by 6 pixels from field to field, above lines that stand still, one and two rows high."""
    picture = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    columns = (np.arange(WIDTH) - 6 * moment) // 48 % 2
    picture[: HEIGHT // 2] = np.where(columns[None, :, None], np.uint8(220), np.uint8(40))
    picture[HEIGHT // 2 + 21 :: 16, :, :] = 235
    picture[HEIGHT // 2 + 8 :: 32, :, :] = 235
    picture[HEIGHT // 2 + 9 :: 32, :, :] = 235
    return picture


def interlaced(number: int) -> NDArray[np.uint8]:
    """The field of one moment in the even rows, and that of the next one in the odd rows."""
    picture = scene(2 * number)
    picture[1::2] = scene(2 * number + 1)[1::2]
    return picture


def frames(pixel_format: str, count: int = 4) -> list[av.VideoFrame]:
    return [av.VideoFrame.from_ndarray(interlaced(one), "rgb24").reformat(format=pixel_format) for one in range(count)]


def combs(rgb: NDArray[np.uint8]) -> float:
    """Mean distance in grey levels of a row from those above and below, if it is on the same side of both."""
    grey = rgb.astype(int).mean(axis=2)
    up, down = grey[1:-1] - grey[:-2], grey[1:-1] - grey[2:]
    return float(np.where(up * down > 0, np.minimum(np.abs(up), np.abs(down)), 0).mean())


FILMS = [
    ("mp4", "libx264", "yuv420p", X264),
    ("mov", "libx264", "yuv422p10le", X264),
    ("mp4", "mpeg4", "yuv420p", {"flags": "+ildct+ilme", "b": "20000000"}),
    ("mov", "prores_ks", "yuv422p10le", {"flags": "+ildct+ilme"}),
]


@pytest.mark.parametrize(
    ("container", "codec", "pixel_format", "options"), FILMS, ids=[f"{film[1]} {film[2]}" for film in FILMS]
)
def test_pictures_of_interlaced_films_have_no_combs(
    opened: OpenBytes, container: str, codec: str, pixel_format: str, options: dict[str, str]
) -> None:
    form = ColourForm(
        container=container, codec=codec, pixel_format=pixel_format, options=options, tags=tags_of(6, 1, 1)
    )
    with opened(film_of(frames(pixel_format), form)).video(threads=1) as video:
        pictures = [frame.rgb(HEIGHT) for frame in video.frames()]

    for number, picture in enumerate(pictures):
        moving, still = picture[: HEIGHT // 2 - 4], picture[HEIGHT // 2 + 4 :]
        assert combs(interlaced(number)[: HEIGHT // 2 - 4]) > 10
        assert combs(moving) < 1
        # One moment is shown, and lines that stand still keep their rows.
        assert np.abs(moving.astype(int) - scene(2 * number)[: HEIGHT // 2 - 4]).mean() < 8
        assert np.abs(still.astype(int) - scene(0)[HEIGHT // 2 + 4 :]).mean() < 8


def test_combs_of_films_without_flags_are_removed_as_well(opened: OpenBytes) -> None:
    with opened(film_of(frames("yuv420p"), ColourForm())).video(threads=1) as video:
        pictures = [frame.rgb(HEIGHT) for frame in video.frames()]
    assert max(combs(picture[: HEIGHT // 2 - 4]) for picture in pictures) < 1


@pytest.mark.parametrize("seed", range(4))
def test_moving_progressive_pictures_have_no_combs(seed: int) -> None:
    for number in range(4):
        for picture in (drifting(seed, 640, 360)(number), scene(number)):
            assert not has_combs(av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p"))


@pytest.mark.parametrize("size", [10, 11, 12, 14, 20])
def test_a_page_of_small_text_has_no_combs(size: int) -> None:
    page = Image.new("L", (1280, 720), 250)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size)
    for row in range(0, 720, size * 5 // 4):
        draw.text((2, row), "The quick brown fox jumps over the lazy dog 0123456789 e = a[s] * z; " * 4, 10, font)
    frame = av.VideoFrame.from_ndarray(np.asarray(page.convert("RGB")), "rgb24").reformat(format="yuv420p")
    assert not has_combs(frame)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "nv12", "gray", "rgb24"])
def test_all_planes_lose_their_combs(pixel_format: str) -> None:
    frame = frames(pixel_format, 1)[0]
    clean = without_combs(frame)
    assert clean.format.name == pixel_format
    picture = cast("NDArray[np.uint8]", clean.to_ndarray(format="rgb24"))
    assert combs(picture[: HEIGHT // 2 - 4]) < 1


def test_a_frame_without_combs_is_not_copied() -> None:
    frame = av.VideoFrame.from_ndarray(scene(0), "rgb24").reformat(format="yuv420p")
    assert without_combs(frame) is frame


@pytest.mark.parametrize("height", [2, 4, 5, 6, 7, 8, 130])
def test_small_pictures_keep_their_size(height: int) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (height, 16, 3), dtype=np.uint8)
    frame = av.VideoFrame.from_ndarray(noise, "rgb24").reformat(format="yuv420p")
    assert (without_combs(frame).width, without_combs(frame).height) == (16, height)
