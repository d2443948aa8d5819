"""Pictures to upload: with one face, and unusable ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import pillow_heif
from PIL import Image

from drawn_faces import draw_crowd, draw_face

if TYPE_CHECKING:
    from collections.abc import Callable

_ORIENTATION = 0x0112


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  # untyped options
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def portrait(kind: str = "JPEG", *, side: int = 400, person: int = 0) -> bytes:
    """Draw one face."""
    return encoded(draw_face(side, person=person), kind)


def sideways(upright: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return the picture on its side, with metadata that turns it upright."""
    exif = Image.Exif()
    exif[_ORIENTATION] = 6  # to be turned clockwise
    return encoded(upright.transpose(Image.Transpose.ROTATE_90), kind, exif=exif.tobytes(), **options)


def sideways_portrait(width: int = 1400, height: int = 1200) -> bytes:
    """Return a portrait that its metadata turns by a quarter, with a comment in it."""
    upright = Image.new("RGB", (height, width), (70, 75, 82))
    upright.paste(draw_face(1000), (100, 100))
    return sideways(upright, comment=b"a secret place")


def animation(kind: str) -> bytes:
    """Return an animation of two pictures."""
    first, second = draw_face(300), draw_face(300, person=1)
    return encoded(first, kind, save_all=True, append_images=[second], duration=100, loop=0)


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a small file whose header promises more pixels than fit into memory."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1024**2), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """A WebP whose header promises 16 384 times 16 384 pixels."""
    made = bytearray(encoded(draw_face(300), "WEBP", lossless=True))
    made[21:25] = b"\xff\xff\xff\x0f"
    return bytes(made)


def heic_bomb() -> bytes:
    """A HEIC whose header promises 16 384 times 16 384 pixels."""
    made = bytearray(portrait("HEIF", side=300))
    size = made.index(b"ispe") + 8
    made[size : size + 8] = struct.pack(">II", 16_384, 16_384)
    return bytes(made)


def crowd(count: int = 2) -> bytes:
    """Draw several faces beside each other."""
    return encoded(Image.fromarray(draw_crowd(320 * count, 320, 320)))


def landscape(kind: str = "JPEG", width: int = 600, height: int = 400) -> bytes:
    """Draw a picture without a face."""
    return encoded(Image.linear_gradient("L").resize((width, height)).convert("RGB"), kind)


NO_PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "NOT_AN_IMAGE"),
    "text": (lambda: b"no picture at all, whatever its name says\n" * 50, "NOT_AN_IMAGE"),
    "cut off": (lambda: portrait()[:4000], "NOT_AN_IMAGE"),
    "cut off WebP": (lambda: portrait("WEBP")[:-200], "NOT_AN_IMAGE"),
    "animated WebP": (lambda: animation("WEBP"), "NOT_AN_IMAGE"),
    "animated PNG": (lambda: animation("PNG"), "NOT_AN_IMAGE"),
    "GIF": (lambda: portrait("GIF"), "NOT_AN_IMAGE"),
    "TIFF": (lambda: portrait("TIFF"), "NOT_AN_IMAGE"),
    "PNG bomb": (png_bomb, "TOO_MANY_PIXELS"),
    "WebP bomb": (webp_bomb, "TOO_MANY_PIXELS"),
}
"""What nobody has a use for."""

OF_NO_USE: dict[str, tuple[Callable[[], bytes], str]] = {
    **NO_PICTURES,
    "too small": (lambda: portrait(side=255), "TOO_SMALL"),
    "too narrow": (lambda: encoded(Image.new("RGB", (2000, 255), "white")), "TOO_SMALL"),
    "two faces": (crowd, "SEVERAL_FACES"),
    "no face": (landscape, "NO_FACE"),
    "HEIC": (lambda: portrait("HEIF"), "NOT_AN_IMAGE"),
}
"""What is no portrait."""

OF_NO_USE_TO_SEARCH_WITH: dict[str, tuple[Callable[[], bytes], str]] = {
    **NO_PICTURES,
    "cut off HEIC": (lambda: portrait("HEIF")[:-200], "NOT_AN_IMAGE"),
    "HEIC bomb": (heic_bomb, "TOO_MANY_PIXELS"),
    "too small": (lambda: landscape(width=500, height=223), "TOO_SMALL"),
    "too narrow": (lambda: landscape("PNG", width=223, height=2000), "TOO_SMALL"),
}
"""What is nothing to search with."""
