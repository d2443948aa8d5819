"""Detection of file formats by content."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scenedex.media.errors import MediaUnreadable
from scenedex.media.sniffing import claims_too_much, is_fragmented, sniff

if TYPE_CHECKING:
    from tests.integration.decoding.conftest import MakeSample


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def brands(major: bytes, *others: bytes) -> bytes:
    return box(b"ftyp", major + bytes(4) + b"".join(others))


MOOV, META = box(b"moov"), box(b"meta", bytes(4))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(brands(b"isom", b"isom", b"mp41") + MOOV, "mp4", id="mp4"),
        pytest.param(brands(b"M4V ") + MOOV, "mp4", id="m4v"),
        pytest.param(brands(b"mp42", b"qt  ") + MOOV, "mp4", id="mp4 that quicktime can read"),
        pytest.param(brands(b"qt  ", b"qt  ") + MOOV, "mov", id="mov"),
        pytest.param(box(b"wide") + MOOV, "mov", id="mov from before brands"),
        pytest.param(MOOV + box(b"mdat"), "mov", id="mov that begins with its index"),
        pytest.param(brands(b"heic", b"mif1") + META, "heic", id="heic"),
        pytest.param(brands(b"mif1", b"heic") + META, "heic", id="heic by its second brand"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "png", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0", "jpg", id="jpg"),
    ],
)
def test_formats_are_known_by_their_bytes(data: bytes, expected: str) -> None:
    assert sniff(io.BytesIO(data)) == expected


@pytest.mark.parametrize(
    ("container", "expected"), [("matroska", "mkv"), ("webm", "webm"), ("mov", "mov"), ("mp4", "mp4")]
)
def test_real_files_are_what_their_writer_made(sample: MakeSample, container: str, expected: str) -> None:
    codec = "libvpx" if container == "webm" else "mpeg4"
    assert sniff(io.BytesIO(sample(container=container, codec=codec))) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00", id="one byte"),
        pytest.param(bytes(5000), id="zeros"),
        pytest.param(b"hello, world\n" * 10, id="text"),
        pytest.param(b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n", id="playlist"),
        pytest.param(b"GIF89a" + bytes(20), id="gif"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBPVP8 ", id="webp"),
        pytest.param(b"RIFF\x00\x00\x00\x00AVI LIST", id="avi"),
        pytest.param((b"\x47" + bytes(187)) * 5, id="transport stream"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"PK\x03\x04" + bytes(30), id="zip"),
        pytest.param(brands(b"avif", b"mif1") + META, id="avif"),
        pytest.param(brands(b"mif1", b"avif") + META, id="avif by its second brand"),
        pytest.param(b"\x1a\x45\xdf\xa3\x84\x42\x82\x81x" + bytes(20), id="unknown matroska"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/passwd\n", id="list of files"),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(MediaUnreadable):
        sniff(io.BytesIO(data))


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_file_that_was_cut_before_its_index_is_refused(sample: MakeSample, share: float) -> None:
    data = sample()
    with pytest.raises(MediaUnreadable, match="ends early"):
        sniff(io.BytesIO(data[: int(len(data) * share)]))


def test_what_follows_the_film_does_not_matter() -> None:
    assert sniff(io.BytesIO(brands(b"isom") + MOOV + b"\x00\x00\x00\x00" + bytes(100))) == "mp4"


PIECE = box(b"moof", box(b"mfhd", bytes(8)))
FILM = brands(b"isom") + MOOV + box(b"mdat", bytes(50))


@pytest.mark.parametrize(
    "junk",
    [
        pytest.param(b"garbage garbage", id="text"),
        pytest.param(b"\x00", id="less than the head of a box"),
        pytest.param(b"\xff" * 40, id="no name"),
        pytest.param(b"\x7f\xff\xff\xffabcd", id="a box of another kind that promises more than there is"),
        pytest.param(b"\x00\x00\x00\x01abcd\x7f", id="a long box that was cut"),
    ],
)
@pytest.mark.parametrize("film", [FILM, brands(b"isom") + MOOV + PIECE + box(b"mdat", bytes(50))])
def test_junk_behind_the_film_does_not_matter(film: bytes, junk: bytes) -> None:
    assert sniff(io.BytesIO(film + junk)) == "mp4"


@pytest.mark.parametrize("kind", [b"moov", b"meta"])
def test_headers_that_were_cut_are_no_junk(kind: bytes) -> None:
    for head in (b"\x00\x00\x01\x00" + kind, b"\x00\x00\x00\x01" + kind + b"\x00"):
        with pytest.raises(MediaUnreadable, match="ends early"):
            sniff(io.BytesIO(FILM + head))


@pytest.mark.parametrize("kind", [b"mdat", b"free", b"mfra", b"moof", b"uuid"])
def test_a_box_that_claims_too_much_may_be_padding(kind: bytes) -> None:
    film = io.BytesIO(FILM + b"\x00\x00\x01\x00" + kind)

    assert sniff(film) == "mp4"
    assert claims_too_much(film, "mp4")
    assert not claims_too_much(io.BytesIO(FILM), "mp4")


def test_what_is_no_box_cannot_stand_for_the_pictures() -> None:
    with pytest.raises(MediaUnreadable, match="ends early"):
        sniff(io.BytesIO(brands(b"isom") + MOOV + b"garbage garbage"))


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "frag_keyframe+empty_moov+skip_trailer"])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_cut_recording_in_pieces_claims_too_much(sample: MakeSample, flags: str, share: float) -> None:
    data = sample(frames=50, container_options={"movflags": flags})
    cut = io.BytesIO(data[: int(len(data) * share)])
    assert sniff(io.BytesIO(data)) == sniff(cut) == "mp4"
    assert not claims_too_much(io.BytesIO(data), "mp4")
    assert claims_too_much(cut, "mp4")


class Counted(io.BytesIO):
    """File that counts the bytes read."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize("pieces", [1, 40])
def test_of_a_long_recording_in_pieces_only_the_last_ones_are_read(pieces: int) -> None:
    data = brands(b"isom") + MOOV + (PIECE + box(b"mdat", bytes(300_000))) * pieces
    file = Counted(data)
    assert sniff(file) == "mp4"
    assert file.count < 1_100_000
    assert claims_too_much(io.BytesIO(data[:-1]), "mp4")


def test_a_last_piece_is_found_however_long_it_is() -> None:
    data = brands(b"isom") + MOOV + (PIECE + box(b"mdat", bytes(100))) * 3 + PIECE + box(b"mdat", bytes(3_000_000))
    assert sniff(io.BytesIO(data)) == "mp4"
    assert claims_too_much(io.BytesIO(data[:-1]), "mp4")


def test_a_recording_in_pieces_is_told_from_a_whole_one(sample: MakeSample) -> None:
    pieces = sample(container_options={"movflags": "frag_keyframe+empty_moov"})
    assert is_fragmented(io.BytesIO(pieces))
    assert not is_fragmented(io.BytesIO(sample()))


@given(st.binary(max_size=200))
@example(b"\x00\x00\x00\x01ftyp")
@example(b"\x00\x00\x00\x00moov")
@example(b"\x1a\x45\xdf\xa3\x42\x82")
def test_no_bytes_lead_to_another_error(data: bytes) -> None:
    for head in (b"", b"\x1a\x45\xdf\xa3", brands(b"isom")):
        try:
            sniff(io.BytesIO(head + data))
        except MediaUnreadable:
            continue


def test_a_quicktime_film_with_pictures_of_heic_is_refused() -> None:
    film = brands(b"qt  ") + MOOV + box(b"mdat")
    assert sniff(io.BytesIO(film + box(b"meta", bytes(4) + box(b"hdlr")))) == "mov"
    with pytest.raises(MediaUnreadable, match="mixes"):
        sniff(io.BytesIO(film + box(b"meta", bytes(4) + box(b"iprp"))))
