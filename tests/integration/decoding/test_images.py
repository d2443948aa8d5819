"""Still pictures in and out."""

from __future__ import annotations

import io
import resource
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scenedex.media.contact_sheet import contact_sheet
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.images import encode_jpeg, measure_image, missing_share, read_image, shrink
from scenedex.media.probe_entry import measure

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.integration.decoding.conftest import OpenBytes

    from scenedex.media_formats import MediaFormat

LIMIT = 1_000_000


def halves(width: int = 64, height: int = 48) -> Image.Image:
    """Draw a picture that is red on the left and blue on the right."""
    picture = Image.new("RGB", (width, height), (220, 20, 20))
    picture.paste((20, 20, 220), (width // 2, 0, width, height))
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  # untyped options
    picture.save(out, kind, **options)
    return out.getvalue()


def read(data: bytes, kind: MediaFormat) -> NDArray[np.uint8]:
    return read_image(io.BytesIO(data), kind, max_pixels=LIMIT)


def is_red(pixel: NDArray[np.uint8]) -> bool:
    return bool(pixel[0] > 150 > pixel[2])


FORMATS: list[tuple[MediaFormat, str]] = [("jpg", "JPEG"), ("png", "PNG"), ("heic", "HEIF")]


@pytest.mark.parametrize(("kind", "name"), FORMATS)
def test_pictures_are_read(kind: MediaFormat, name: str) -> None:
    rgb = read(saved(halves(), name), kind)
    assert rgb.shape == (48, 64, 3)
    assert rgb.dtype == np.uint8
    assert is_red(rgb[20, 5])
    assert not is_red(rgb[20, -5])


@pytest.mark.parametrize("kind_and_name", FORMATS, ids=lambda pair: pair[0])
@pytest.mark.parametrize(
    ("orientation", "place"),
    # Where the left half of the stored picture is seen.
    [(1, (24, 5)), (3, (24, -5)), (6, (5, 24)), (8, (-5, 24)), (2, (24, -5)), (5, (5, 24))],
)
def test_pictures_stand_upright(
    kind_and_name: tuple[MediaFormat, str], orientation: int, place: tuple[int, int]
) -> None:
    kind, name = kind_and_name
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(halves(), name, exif=exif.tobytes())
    rgb = read(data, kind)
    width, height = measure_image(io.BytesIO(data), kind, max_pixels=LIMIT)
    assert rgb.shape == (height, width, 3)
    assert (width, height) == ((48, 64) if orientation >= 5 else (64, 48))
    assert is_red(rgb[place])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_rgb(mode: str) -> None:
    if mode == "I;16":
        picture = Image.fromarray(np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16))
    else:
        picture = halves().convert(mode)
    rgb = read(saved(picture, "PNG"), "png")
    assert rgb.shape == (48, 64, 3)
    if mode == "I;16":
        assert (int(rgb[0, 0, 0]), int(rgb[-1, -1, 0])) == (0, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_kind_of_jpeg_becomes_rgb(mode: str) -> None:
    rgb = read(saved(halves().convert(mode), "JPEG"), "jpg")
    assert rgb.shape == (48, 64, 3)
    assert int(rgb[20, 5, 0]) > int(rgb[20, -5, 0])


def test_transparent_parts_are_white() -> None:
    picture = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert (read(saved(picture, "PNG"), "png") == 255).all()


def test_an_animated_png_is_its_first_picture() -> None:
    frames = [halves(), Image.new("RGB", (64, 48))]
    data = saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert is_red(read(data, "png")[20, 5])


def bomb(side: int) -> bytes:
    """Return a PNG of few bytes whose header promises a very large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [1001, 10_000, 2**31 - 1])
def test_a_header_that_promises_too_much_is_refused_before_decoding(side: int) -> None:
    for function in (measure_image, read_image):
        with pytest.raises(DimensionsTooLarge, match=f"{side}x{side}"):
            function(io.BytesIO(bomb(side)), "png", max_pixels=LIMIT)


@pytest.mark.parametrize(("kind", "name"), FORMATS)
def test_too_many_pixels_are_refused(kind: MediaFormat, name: str) -> None:
    with pytest.raises(DimensionsTooLarge, match="64x48"):
        measure_image(io.BytesIO(saved(halves(), name)), kind, max_pixels=64 * 48 - 1)


@pytest.mark.parametrize(("kind", "name"), FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_was_cut_is_refused(kind: MediaFormat, name: str, share: float) -> None:
    data = saved(Image.effect_noise((200, 200), 80).convert("RGB"), name)
    # Of a JPEG that lacks its last rows, the others are read.
    for function in (measure_image, read_image) if kind != "jpg" else (measure_image,):
        with pytest.raises(MediaUnreadable, match="broken"):
            function(io.BytesIO(data[: int(len(data) * share)]), kind, max_pixels=LIMIT)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["JPEG", "PNG"]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8))
def test_no_damage_leads_to_another_error(name: str, damage: list[tuple[float, int]]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = bytearray(saved(halves(), name, exif=exif))
    for place, value in damage:
        data[int(place * (len(data) - 1))] = value
    for function in (measure_image, read_image):
        try:
            function(io.BytesIO(bytes(data)), "jpg" if name == "JPEG" else "png", max_pixels=LIMIT)
        except MediaUnreadable:
            continue


@pytest.mark.parametrize(("kind", "name"), [("jpg", "JPEG"), ("png", "PNG")])
def test_notes_that_cannot_be_read_do_no_harm_to_the_picture(kind: MediaFormat, name: str) -> None:
    data = saved(halves(), name, exif=b"Exif\x00\x00no such byte order")
    assert measure_image(io.BytesIO(data), kind, max_pixels=LIMIT) == (64, 48)
    assert is_red(read(data, kind)[20, 5])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"\xff\xd8\xff", "The header of the picture is broken.", id="header"),
        pytest.param(saved(halves(), "PNG")[:-40], "The picture is broken or ends early.", id="pixels"),
    ],
)
def test_the_reason_has_no_words_of_a_library(data: bytes, says: str) -> None:
    kind: MediaFormat = "jpg" if data.startswith(b"\xff") else "png"
    with pytest.raises(MediaUnreadable) as refused:
        read(data, kind)
    assert str(refused.value) == says


def test_pixels_that_are_damaged_are_not_taken_for_damaged_notes() -> None:
    whole = saved(halves(), "PNG")
    packed = zlib.compress(bytes(10)) + b"no pixels"
    at = whole.index(b"IDAT") - 4
    checksum = struct.pack(">I", zlib.crc32(b"IDAT" + packed))
    damaged = whole[:at] + struct.pack(">I", len(packed)) + b"IDAT" + packed + checksum + whole[-12:]
    with pytest.raises(MediaUnreadable):
        measure_image(io.BytesIO(damaged), "png", max_pixels=LIMIT)
    with pytest.raises(MediaUnreadable):
        read(damaged, "png")


def test_a_chunk_that_says_it_is_huge_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    whole = saved(halves(), "PNG")
    path.write_bytes(whole[:33] + b"\x7f\xff\xff\xfftEXt" + whole[33:])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + 512 * 1024**2, hard))
    try:
        with path.open("rb", buffering=0) as file, pytest.raises(MediaUnreadable):
            measure_image(file, "png", max_pixels=LIMIT)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def test_a_jpeg_comes_back_as_it_was() -> None:
    rgb = np.asarray(halves())
    again = read(encode_jpeg(rgb, 95), "jpg")
    assert np.abs(again.astype(int) - rgb)[:, 10:20].max() < 12
    assert len(encode_jpeg(rgb, 20)) < len(encode_jpeg(rgb, 95))


def test_pictures_are_made_smaller_never_larger() -> None:
    rgb = np.asarray(halves(200, 100))
    assert shrink(rgb, 50).shape == (50, 100, 3)
    assert shrink(rgb, 500) is rgb


@pytest.mark.parametrize(("count", "columns", "expected"), [(1, 4, (1, 1)), (5, 4, (4, 2)), (0, 4, (1, 1))])
def test_a_contact_sheet_has_a_cell_for_each_picture(count: int, columns: int, expected: tuple[int, int]) -> None:
    pictures = [(encode_jpeg(np.asarray(halves())), f"picture {number}") for number in range(count)]
    sheet = read_image(io.BytesIO(contact_sheet(pictures, columns=columns)), "jpg", max_pixels=10**8)
    cells = ((sheet.shape[1] - 12) // 332, (sheet.shape[0] - 12) // 220)
    assert cells == expected


def photo() -> Image.Image:
    """A picture with something to see in every part."""
    cells = np.random.default_rng(1).integers(40, 250, (30, 40, 3), dtype=np.uint8)
    return Image.fromarray(cells.repeat(16, axis=0).repeat(16, axis=1))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_of_a_jpeg_that_was_cut_the_rows_at_its_start_are_there(share: float) -> None:
    whole = saved(photo(), "JPEG")
    cut = whole[: int(len(whole) * share)]

    missing = missing_share(io.BytesIO(cut), "jpg", max_pixels=LIMIT)

    assert missing is not None
    assert missing == pytest.approx(1 - share, abs=0.06)
    # The last row of blocks may be cut, and its colours reach into the one before.
    rows = int((1 - missing) * 480) - 20
    assert np.array_equal(read(cut, "jpg")[:rows], read(whole, "jpg")[:rows])


@pytest.mark.parametrize("share", [0.95, 1.0])
def test_a_whole_picture_is_measured_and_one_that_was_cut_is_told_from_it(share: float, opened: OpenBytes) -> None:
    whole = saved(photo(), "JPEG")

    found = measure(opened(whole[: int(len(whole) * share)]), b"")

    assert (found.width, found.height) == (640, 480)
    assert (found.missing_share is None) == (share == 1)


def test_pictures_of_other_formats_that_were_cut_are_refused(opened: OpenBytes) -> None:
    whole = saved(photo(), "PNG")

    assert missing_share(io.BytesIO(whole), "png", max_pixels=LIMIT) is None
    with pytest.raises(MediaUnreadable, match="ends early"):
        measure(opened(whole[: int(len(whole) * 0.95)]), b"")
