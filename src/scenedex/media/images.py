"""Still pictures in and out."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image, ImageOps

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.webp import read_webp_header

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from scenedex.media.sniffing import MediaFormat, PictureFormat

_READERS = {"png": ("PNG",), "jpg": ("JPEG",), "heic": ("HEIF",), "webp": ("WEBP",)}
_ORIENTATION = 0x0112
# Orientations of EXIF that lay the picture on its side.
_SIDEWAYS = frozenset({5, 6, 7, 8})


def measure_image(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> tuple[int, int]:
    """Upright width and height of a picture that can be decoded from its first to its last row.

    Raises:
        MediaUnreadable: it is broken.
        DimensionsTooLarge: its header promises more pixels than allowed; nothing is decoded then.
    """
    with _open(file, kind, max_pixels) as image, _said_plainly("The picture is broken or ends early"):
        is_sideways = image.getexif().get(_ORIENTATION) in _SIDEWAYS
        image.load()
        return (image.height, image.width) if is_sideways else (image.width, image.height)


def read_image(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> NDArray[np.uint8]:
    """The upright picture as ``(height, width, 3)``; transparent parts are white.

    Raises:
        MediaUnreadable: it is broken.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    with _open(file, kind, max_pixels) as image, _said_plainly("The picture is broken or ends early"):
        return np.asarray(_as_rgb(ImageOps.exif_transpose(image)))


def read_still(file: BinaryIO, kind: PictureFormat, *, max_pixels: int) -> NDArray[np.uint8]:
    """The same, where nothing moves.

    Raises:
        MediaUnreadable: it is broken, or animated.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    with _open(file, kind, max_pixels) as image, _said_plainly("The picture is broken or ends early"):
        # JPEG and HEIC hold several pictures where a camera adds a depth map or a second exposure.
        if kind in ("png", "webp") and getattr(image, "is_animated", False):
            raise MediaUnreadable("The picture is animated.")
        return np.asarray(_as_rgb(ImageOps.exif_transpose(image)))


def shrink(rgb: NDArray[np.uint8], max_height: int) -> NDArray[np.uint8]:
    """The picture, scaled down so that it is at most so high."""
    height, width = rgb.shape[:2]
    if height <= max_height:
        return rgb
    size = (max(1, round(width * max_height / height)), max_height)
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, reducing_gap=3))


def encode_jpeg(rgb: NDArray[np.uint8], quality: int = 85) -> bytes:
    """The picture ``(height, width, 3)`` as a JPEG."""
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=quality, optimize=False)
    return out.getvalue()


def _open(file: BinaryIO, kind: MediaFormat | PictureFormat, max_pixels: int) -> Image.Image:
    if kind == "webp":
        _require_still_webp(file, max_pixels)
    file.seek(0)
    # Our own limit stands in for the library's, which only warns.
    Image.MAX_IMAGE_PIXELS = None
    if kind == "heic":
        import pillow_heif  # noqa: PLC0415  # the other formats do not need it

        pillow_heif.register_heif_opener(thumbnails=False)  # pyright: ignore[reportUnknownMemberType]  # untyped options
    with _said_plainly("The header of the picture is broken"):
        image = Image.open(file, formats=_READERS[kind])
    try:
        _require_dimensions(image.width, image.height, max_pixels)
    except DimensionsTooLarge:
        image.close()
        raise
    return image


def _require_still_webp(file: BinaryIO, max_pixels: int) -> None:
    """Look at the header before the library does, which makes room for the whole picture as it opens it."""
    header = read_webp_header(file)
    if header.is_animated:
        raise MediaUnreadable("The picture is animated.")
    _require_dimensions(header.width, header.height, max_pixels)


def _require_dimensions(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise DimensionsTooLarge(f"The picture is {width}x{height}.")


@contextmanager
def _said_plainly(what: str) -> Generator[None]:
    """Turn whatever the readers of images run into on broken bytes into one error; the machine's faults stay."""
    try:
        yield
    except (MediaUnreadable, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise MediaUnreadable(f"{what}: {error}") from error


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I"):
        grey = np.asarray(image, dtype=np.int64) >> 8
        return Image.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("RGB")
    return image.convert("RGB")
