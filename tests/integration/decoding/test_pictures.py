"""Colours of pictures of films, by tags and by convention."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from colour_films import (
    BT709,
    BT2020,
    HLG,
    P3,
    PATCHES,
    PQ,
    UNSPECIFIED,
    ColourForm,
    colour_film,
    columns_of,
    hlg_codes,
    nits_of,
    pq_codes,
    tags_of,
    wide_codes,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.integration.decoding.conftest import OpenBytes

HEVC_10 = ColourForm(codec="libx265", pixel_format="yuv420p10le", matrix=9)
SDR = PATCHES / 255


def seen(opened: OpenBytes, data: bytes, max_height: int = 64) -> NDArray[np.float64]:
    """Mean colours of the columns of the second picture."""
    with opened(data).video(threads=1) as video:
        frames = iter(video.frames())
        next(frames)
        return columns_of(next(frames).rgb(max_height), len(PATCHES))


@pytest.mark.parametrize("container", ["mp4", "mov", "matroska"])
@pytest.mark.parametrize("transfer", [PQ, HLG], ids=["pq", "hlg"])
def test_hdr_is_shown_as_sdr(opened: OpenBytes, container: str, transfer: int) -> None:
    codes = (pq_codes if transfer == PQ else hlg_codes)(nits_of(PATCHES))
    form = replace(HEVC_10, container=container, tags=tags_of(BT2020, BT2020, transfer))
    assert np.abs(seen(opened, colour_film(codes, form)) - PATCHES).max() <= 8


@pytest.mark.parametrize(
    ("container", "codec", "pixel_format"),
    [
        ("matroska", "mpeg4", "yuv420p"),
        ("mov", "prores_ks", "yuv422p10le"),
        ("mp4", "libx264", "yuv420p10le"),
        ("mp4", "libx265", "yuv422p10le"),
    ],
)
def test_hdr_of_other_codecs_is_shown_as_sdr(opened: OpenBytes, container: str, codec: str, pixel_format: str) -> None:
    form = ColourForm(
        container=container, codec=codec, pixel_format=pixel_format, matrix=9, tags=tags_of(BT2020, BT2020, HLG)
    )
    assert np.abs(seen(opened, colour_film(hlg_codes(nits_of(PATCHES)), form)) - PATCHES).max() <= 10


def test_hdr_is_the_same_in_stills_of_any_height(opened: OpenBytes) -> None:
    data = colour_film(pq_codes(nits_of(PATCHES)), replace(HEVC_10, tags=tags_of(BT2020, BT2020, PQ), height=256))
    assert np.abs(seen(opened, data, 256) - seen(opened, data, 72)).max() <= 4


@pytest.mark.parametrize(
    ("width", "height", "matrix"),
    [(1280, 720, 1), (720, 1280, 1), (1920, 1080, 1), (640, 360, 6), (720, 576, 6), (720, 480, 6)],
)
def test_the_matrix_of_untagged_films_goes_by_their_size(
    opened: OpenBytes, width: int, height: int, matrix: int
) -> None:
    form = ColourForm(matrix=matrix, width=width, height=height)
    assert np.abs(seen(opened, colour_film(SDR, form), 360) - PATCHES).max() <= 4


@pytest.mark.parametrize("matrix", [1, 6, 9], ids=["bt709", "bt601", "bt2020"])
@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv444p", "yuv420p10le"])
def test_tags_of_matrix_and_range_count(opened: OpenBytes, pixel_format: str, matrix: int, *, full: bool) -> None:
    form = ColourForm(
        pixel_format=pixel_format,
        matrix=matrix,
        is_full_range=full,
        tags=tags_of(matrix, BT709, BT709, 2 if full else 1),
    )
    assert np.abs(seen(opened, colour_film(SDR, form)) - PATCHES).max() <= 5


@pytest.mark.parametrize("primaries", [BT2020, P3], ids=["bt2020", "p3"])
def test_wide_gamuts_of_sdr_are_converted(opened: OpenBytes, primaries: int) -> None:
    form = replace(HEVC_10, tags=tags_of(BT2020, primaries, BT709))
    codes = wide_codes(PATCHES, 9 if primaries == BT2020 else 12)
    assert np.abs(seen(opened, colour_film(codes, form)) - PATCHES).max() <= 6


@pytest.mark.parametrize(
    ("container", "codec", "pixel_format"), [("matroska", "libvpx-vp9", "gbrp"), ("mp4", "libx265", "gbrp")]
)
def test_rgb_has_no_matrix(opened: OpenBytes, container: str, codec: str, pixel_format: str) -> None:
    form = ColourForm(
        container=container, codec=codec, pixel_format=pixel_format, tags=tags_of(0, BT709, UNSPECIFIED, 2)
    )
    assert np.abs(seen(opened, colour_film(SDR, form)) - PATCHES).max() <= 4


@pytest.mark.parametrize("pixel_format", ["yuv422p10le", "yuv420p10le", "yuv422p", "yuv444p"])
def test_all_samplings_of_colour_are_read(opened: OpenBytes, pixel_format: str) -> None:
    form = ColourForm(pixel_format=pixel_format, tags=tags_of(1, 1, 1))
    assert np.abs(seen(opened, colour_film(SDR, form)) - PATCHES).max() <= 4
