"""Motion photos of phones are films, and all other pictures stay pictures."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import pillow_heif
import pytest
from PIL import Image
from tests.integration.decoding.test_track_choice import FILM, PHOTO, container_of

from scenedex.media.probe_entry import measure
from scenedex.media.proxies import ProxyOptions
from scenedex.media.proxy_entry import make_proxy
from scenedex.media.samples import drifting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.decoding.conftest import MakeSample, OpenBytes

    Join = Callable[[bytes], bytes]

import msgspec

from scenedex.media.opened import OpenedMedia

XMP = b"http://ns.adobe.com/xap/1.0/\0"


def photo(xmp: str | None = None) -> bytes:
    """A JPEG of 800 x 600 pixels, with notes in XMP."""
    out = io.BytesIO()
    Image.fromarray(drifting(9, 800, 600)(0)).save(out, "JPEG", quality=90)
    data = out.getvalue()
    if xmp is None:
        return data
    note = XMP + f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{xmp}</x:xmpmeta>'.encode()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + data[2:]


def heic() -> bytes:
    pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  # untyped options
    out = io.BytesIO()
    Image.fromarray(drifting(9, 800, 600)(0)).save(out, "HEIF")
    return out.getvalue()


def of_google(film: bytes) -> bytes:
    """As Pixel phones write them: the film is last, and XMP has its length."""
    items = f'<Container:Item Item:Mime="video/mp4" Item:Semantic="MotionPhoto" Item:Length="{len(film)}"/>'
    return photo(f'<rdf:Description GCamera:MotionPhoto="1">{items}</rdf:Description>') + film


def of_old_google(film: bytes) -> bytes:
    return photo(f'<rdf:Description GCamera:MicroVideo="1" GCamera:MicroVideoOffset="{len(film)}"/>') + film


def of_samsung(film: bytes) -> bytes:
    """As Samsung phones write them: the film is a block, and a table of blocks follows it."""
    name = b"MotionPhoto_Data"
    block = struct.pack("<HHI", 0, 0x0A30, len(name)) + name + film
    table = b"SEFH" + struct.pack("<II", 106, 1) + struct.pack("<HHII", 0, 0x0A30, len(block), len(block))
    return photo() + block + table + struct.pack("<I", len(table)) + b"SEFT"


def of_samsung_heic(film: bytes) -> bytes:
    return heic() + struct.pack(">I", 8 + len(film)) + b"mpvd" + film


KINDS = pytest.mark.parametrize(
    "join", [of_google, of_old_google, of_samsung, of_samsung_heic], ids=["google", "old google", "samsung", "heic"]
)


@KINDS
def test_the_film_of_a_motion_photo_is_read(opened: OpenBytes, sample: MakeSample, join: Join) -> None:
    film = sample(frames=40, sound="aac")
    data = join(film)
    found = measure(opened(data), b"")
    media = opened(data)
    with media.video(threads=1) as video:
        frames = [frame.time.seconds for frame in video.frames()]

    assert found.kind == "VIDEO"
    assert found.format == ("heic" if join is of_samsung_heic else "jpg")
    assert (found.width, found.height, found.video_codec, found.has_audio) == (320, 180, "mpeg4", True)
    assert found.duration == measure(opened(film), b"").duration
    assert frames == [Fraction(number, 25) for number in range(40)]
    assert not media.is_image


def test_the_photo_beside_the_film_is_not_the_film(opened: OpenBytes) -> None:
    found = measure(opened(of_google(container_of((PHOTO, FILM), "mp4"))), b"")
    assert (found.kind, found.width, found.height) == ("VIDEO", 320, 180)


def test_a_quicktime_film_in_a_photo_is_read(opened: OpenBytes, sample: MakeSample) -> None:
    found = measure(opened(photo() + sample(container="mov")), b"")
    assert (found.kind, found.width) == ("VIDEO", 320)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.95])
def test_a_motion_photo_whose_film_is_cut_off_is_a_picture(opened: OpenBytes, sample: MakeSample, share: float) -> None:
    film = sample(frames=40)
    found = measure(opened(of_old_google(film[: int(len(film) * share)])), b"")
    assert (found.kind, found.format, found.width, found.height) == ("IMAGE", "jpg", 800, 600)


def test_a_film_whose_pictures_are_damaged_leaves_a_picture(opened: OpenBytes, sample: MakeSample) -> None:
    film = bytearray(sample(frames=10))
    start, end = film.find(b"mdat") + 4, film.find(b"moov") - 4
    film[start:end] = bytes(end - start)
    found = measure(opened(photo() + bytes(film)), b"")
    assert (found.kind, found.format) == ("IMAGE", "jpg")


def test_a_film_of_another_codec_leaves_a_picture(opened: OpenBytes, sample: MakeSample) -> None:
    found = measure(opened(photo() + sample(codec="mpeg2video")), b"")
    assert found.kind == "IMAGE"


@pytest.mark.parametrize("tail", [b"", b"ftyp" * 1000, b"\0\0\0\x18ftypmp42" + bytes(200), b"\0\0\0\x18ftypheic"])
def test_other_pictures_stay_pictures(opened: OpenBytes, tail: bytes) -> None:
    media = opened(photo() + tail)
    assert media.is_image
    assert media.image().shape == (600, 800, 3)


def test_a_photo_of_apple_is_a_picture_and_its_film_a_film(opened: OpenBytes, sample: MakeSample) -> None:
    # Apple keeps a motion photo in two files.
    assert measure(opened(heic()), b"").kind == "IMAGE"
    assert measure(opened(sample(container="mov", sound="aac")), b"").kind == "VIDEO"


@KINDS
def test_the_proxy_of_a_motion_photo_is_its_film(
    opened: OpenBytes, sample: MakeSample, tmp_path: Path, join: Join
) -> None:
    data = io.BytesIO(join(sample(frames=20, codec="libvpx-vp9", sound="aac")))
    media = OpenedMedia(data, str(tmp_path), max_pixels=1 << 24, report=lambda _fraction, _done: None)
    made = make_proxy(media, msgspec.json.encode(ProxyOptions("container", 720)))
    assert made.sound_tracks == (1,)
    assert measure(opened((tmp_path / made.file).read_bytes()), b"").kind == "VIDEO"
