"""Still pictures are read in sRGB, whatever their profile."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from colour_films import PATCHES, columns_of, nits_of, pq_codes, wide_codes
from colour_profiles import ADOBE_RGB, DISPLAY_P3, SRGB, grey_profile, in_profile, rgb_profile

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.integration.decoding.conftest import OpenBytes


def columns(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(np.repeat(colours[None], 64, axis=0), 32, axis=1)


def saved(image: Image.Image, kind: str, profile: bytes | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  # untyped options
    image.save(out, kind, icc_profile=profile, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
@pytest.mark.parametrize("primaries", [DISPLAY_P3, ADOBE_RGB], ids=["display p3", "adobe rgb"])
def test_profiles_are_converted(opened: OpenBytes, kind: str, primaries: NDArray[np.float64]) -> None:
    options = {"JPEG": {"quality": 98, "subsampling": 0}, "HEIF": {"quality": 95, "chroma": 444}}.get(kind, {})
    image = Image.fromarray(columns(in_profile(PATCHES, primaries)))
    data = saved(image, kind, rgb_profile(primaries), **options)
    found = columns_of(opened(data).image(), len(PATCHES))
    assert np.abs(found - PATCHES).max() <= 6
    # Without its profile the picture has other colours.
    assert np.abs(columns_of(columns(in_profile(PATCHES, primaries)), len(PATCHES)) - PATCHES).max() > 10


def test_transparent_pictures_with_a_profile_are_white_where_nothing_is(opened: OpenBytes) -> None:
    picture = np.dstack([columns(in_profile(PATCHES, DISPLAY_P3)), np.full((64, 256), 255, np.uint8)])
    picture[:8, :, 3] = 0
    found = opened(saved(Image.fromarray(picture), "PNG", rgb_profile(DISPLAY_P3))).image()
    assert (found[:8] == 255).all()
    assert np.abs(columns_of(found, len(PATCHES)) - PATCHES).max() <= 4


def test_palettes_have_the_colours_of_their_profile(opened: OpenBytes) -> None:
    image = Image.fromarray(columns(in_profile(PATCHES, DISPLAY_P3))).quantize(16, Image.Quantize.MAXCOVERAGE)
    found = columns_of(opened(saved(image, "PNG", rgb_profile(DISPLAY_P3))).image(), len(PATCHES))
    assert np.abs(found - PATCHES).max() <= 8


def test_grey_pictures_are_converted(opened: OpenBytes) -> None:
    grey = Image.fromarray(np.full((64, 64), 128, np.uint8))
    found = opened(saved(grey, "PNG", grey_profile(1.0))).image()
    # Half of the light is 188 in sRGB.
    assert np.abs(found.astype(int) - 188).max() <= 2


@pytest.mark.parametrize(
    "profile",
    [b"no profile", rgb_profile(DISPLAY_P3)[:200], grey_profile(2.2), rgb_profile(DISPLAY_P3, name="sRGB copy")],
    ids=["garbage", "cut off", "of grey", "named sRGB"],
)
def test_profiles_that_do_not_fit_are_ignored(opened: OpenBytes, profile: bytes) -> None:
    picture = columns(PATCHES.astype(np.uint8))
    assert (opened(saved(Image.fromarray(picture), "PNG", profile)).image() == picture).all()


def test_a_picture_of_srgb_stays_as_it_is(opened: OpenBytes) -> None:
    picture = columns(PATCHES.astype(np.uint8))
    found = opened(saved(Image.fromarray(picture), "PNG", rgb_profile(SRGB))).image()
    assert np.abs(found.astype(int) - picture).max() <= 12


@pytest.mark.parametrize("kind", ["pq", "p3"])
def test_colour_properties_of_heic_count_without_a_profile(opened: OpenBytes, kind: str) -> None:
    codes = pq_codes(nits_of(PATCHES)) if kind == "pq" else wide_codes(PATCHES, 12)
    image = Image.fromarray(columns(np.round(codes * 255).astype(np.uint8)))
    properties = {"color_primaries": 9 if kind == "pq" else 12, "transfer_characteristics": 16 if kind == "pq" else 13}
    data = saved(image, "HEIF", None, quality=100, chroma=444, matrix_coefficients=1, **properties)
    found = columns_of(opened(data).image(), len(PATCHES))
    assert np.abs(found - PATCHES).max() <= (14 if kind == "pq" else 6)


@pytest.mark.parametrize("brand", [b"mif1", b"mif2", b"msf1", b"miaf", b"heic", b"heix"])
def test_a_still_heif_of_any_brand_is_a_picture(opened: OpenBytes, brand: bytes) -> None:
    data = bytearray(saved(Image.fromarray(columns(PATCHES.astype(np.uint8))), "HEIF"))
    assert b"heic" in data[16 : int.from_bytes(data[:4], "big")]
    data[8:12] = brand
    media = opened(bytes(data))
    assert media.format() == "heic"
    assert media.image().shape == (64, 256, 3)
