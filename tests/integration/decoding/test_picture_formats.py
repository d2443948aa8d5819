"""Reading still pictures of unknown bytes, WebP among them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from picture_upload_samples import animation, encoded, png_bomb, portrait, sideways_portrait, webp_bomb
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.images import WebpHeader, read_still, read_webp_header
from scenedex.media.sniffing import sniff_picture

if TYPE_CHECKING:
    from scenedex.media_formats import PictureFormat

LIMIT = 20_000_000
WEBP = {"lossy": {"quality": 60}, "lossless": {"lossless": True}, "with metadata": {"exif": b"Exif\x00\x00MM\x00*"}}


def still(data: bytes, kind: PictureFormat) -> tuple[int, ...]:
    return read_still(io.BytesIO(data), kind, max_pixels=LIMIT).shape


@pytest.mark.parametrize(("name", "kind"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_is_known_by_its_bytes_and_read(name: str, kind: PictureFormat) -> None:
    data = portrait(name, side=300)

    assert sniff_picture(io.BytesIO(data)) == kind
    assert still(data, kind) == (300, 300, 3)


@pytest.mark.parametrize("options", WEBP.values(), ids=WEBP)
@settings(max_examples=15, deadline=None)
@given(width=st.integers(1, 300), height=st.integers(1, 300))
def test_a_webp_header_says_the_size(options: dict[str, object], width: int, height: int) -> None:
    data = encoded(Image.new("RGB", (width, height), "red"), "WEBP", **options)

    assert read_webp_header(io.BytesIO(data)) == WebpHeader(width, height, is_animated=False)


def test_transparent_parts_of_a_webp_are_white() -> None:
    data = encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "WEBP", lossless=True)

    assert np.all(read_still(io.BytesIO(data), "webp", max_pixels=LIMIT) == 255)


def test_a_picture_is_turned_upright() -> None:
    assert still(sideways_portrait(700, 600), "jpg") == (700, 600, 3)


@pytest.mark.parametrize(("name", "kind"), [("WEBP", "webp"), ("PNG", "png")])
def test_an_animation_is_refused(name: str, kind: PictureFormat) -> None:
    with pytest.raises(MediaUnreadable, match="animated"):
        still(animation(name), kind)


@pytest.mark.parametrize(("data", "kind"), [(webp_bomb(), "webp"), (png_bomb(), "png")], ids=["WebP", "PNG"])
def test_too_many_pixels_are_refused_by_the_header(data: bytes, kind: PictureFormat) -> None:
    with pytest.raises(DimensionsTooLarge):
        still(data, kind)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_webp_is_a_picture_or_refused(data: st.DataObject) -> None:
    whole = bytearray(portrait("WEBP", side=64))
    for _ in range(data.draw(st.integers(0, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(whole[: data.draw(st.integers(0, len(whole)))])

    try:
        shape = still(damaged, "webp")
    except MediaUnreadable:
        return
    assert shape[2] == 3


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\x04\x00\x00\x00WAVE", b"text" * 100], ids=repr)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(MediaUnreadable):
        sniff_picture(io.BytesIO(data))


def test_a_film_is_no_picture() -> None:
    film = b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" + b"\x00\x00\x00\x08moov" + b"\x00\x00\x00\x08mdat"

    with pytest.raises(MediaUnreadable, match="none of JPG, PNG, WebP and HEIC"):
        sniff_picture(io.BytesIO(film))
