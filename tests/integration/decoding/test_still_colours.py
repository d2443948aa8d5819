"""Still pictures are read in sRGB, whatever their profile."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from colour_films import PATCHES, columns_of, hlg_codes, nits_of, pq_codes, wide_codes
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


def coded(kind: str) -> Image.Image:
    """The patches in PQ, HLG, or P3 without HDR."""
    codes = {"pq": pq_codes, "hlg": hlg_codes}[kind](nits_of(PATCHES)) if kind != "p3" else wide_codes(PATCHES, 12)
    return Image.fromarray(columns(np.round(codes * 255).astype(np.uint8)))


CODE_POINTS = pytest.mark.parametrize(("kind", "numbers"), [("pq", (9, 16)), ("hlg", (9, 18)), ("p3", (12, 13))])


@CODE_POINTS
def test_colour_properties_of_heic_count_without_a_profile(
    opened: OpenBytes, kind: str, numbers: tuple[int, int]
) -> None:
    image = coded(kind)
    properties = dict(zip(("color_primaries", "transfer_characteristics"), numbers, strict=True))
    data = saved(image, "HEIF", None, quality=100, chroma=444, matrix_coefficients=1, **properties)
    found = columns_of(opened(data).image(), len(PATCHES))
    assert np.abs(found - PATCHES).max() <= (6 if kind == "p3" else 14)


def test_the_map_of_gains_of_a_photo_is_left_out(opened: OpenBytes) -> None:
    picture = columns(PATCHES.astype(np.uint8))
    gains = Image.new("L", (64, 16), 200)
    data = saved(Image.fromarray(picture), "MPO", None, append_images=[gains], save_all=True, quality=98)
    assert np.abs(columns_of(opened(data).image(), len(PATCHES)) - PATCHES).max() <= 8


@CODE_POINTS
def test_code_points_of_png_count_before_a_profile(opened: OpenBytes, kind: str, numbers: tuple[int, int]) -> None:
    image = coded(kind)
    plain = saved(image, "PNG", rgb_profile(SRGB))
    content = b"cICP" + bytes([*numbers, 0, 1])
    chunk = (4).to_bytes(4, "big") + content + zlib.crc32(content).to_bytes(4, "big")
    # The first chunk is the header.
    data = plain[:33] + chunk + plain[33:]

    assert np.abs(columns_of(opened(data).image(), len(PATCHES)) - PATCHES).max() <= 14
    assert np.abs(columns_of(opened(plain).image(), len(PATCHES)) - PATCHES).max() > 20


@pytest.mark.parametrize("brand", [b"mif1", b"mif2", b"msf1", b"miaf", b"heic", b"heix"])
def test_a_still_heif_of_any_brand_is_a_picture(opened: OpenBytes, brand: bytes) -> None:
    data = bytearray(saved(Image.fromarray(columns(PATCHES.astype(np.uint8))), "HEIF"))
    assert b"heic" in data[16 : int.from_bytes(data[:4], "big")]
    data[8:12] = brand
    media = opened(bytes(data))
    assert media.format() == "heic"
    assert media.image().shape == (64, 256, 3)
