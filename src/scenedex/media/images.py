"""Still pictures in and out."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.webp import read_webp_header

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from scenedex.media.sniffing import MediaFormat, PictureFormat

_READERS = {"png": ("PNG",), "jpg": ("JPEG",), "heic": ("HEIF",), "webp": ("WEBP",)}
_ORIENTATION = 0x0112
# What sets a picture upright, by the orientation that EXIF gives; the last four lie on their side.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_SIDEWAYS = 5


def measure_image(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> tuple[int, int]:
    """Upright width and height of a picture that can be decoded from its first to its last row.

    Raises:
        MediaUnreadable: it is broken.
        DimensionsTooLarge: its header promises more pixels than allowed; nothing is decoded then.
    """
    with _open(file, kind, max_pixels) as image, _said_plainly("The picture is broken or ends early"):
        image.load()
        is_sideways = _orientation(image) >= _FIRST_SIDEWAYS
        return (image.height, image.width) if is_sideways else (image.width, image.height)


def read_image(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> NDArray[np.uint8]:
    """The upright picture as ``(height, width, 3)``; transparent parts are white.

    Raises:
        MediaUnreadable: it is broken.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    with _open(file, kind, max_pixels) as image, _said_plainly("The picture is broken or ends early"):
        return np.asarray(_as_rgb(_upright(image)))


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
        return np.asarray(_as_rgb(_upright(image)))


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
    # Our own limit stands in for the library's, which only warns.
    Image.MAX_IMAGE_PIXELS = None
    if kind == "heic":
        import pillow_heif  # noqa: PLC0415  # the other formats do not need it

        pillow_heif.register_heif_opener(thumbnails=False)  # pyright: ignore[reportUnknownMemberType]  # untyped options
    with _said_plainly("The header of the picture is broken"):
        image = Image.open(_NoFurther(file), formats=_READERS[kind])  # pyright: ignore[reportArgumentType]  # all that readers use
    try:
        _require_dimensions(image.width, image.height, max_pixels)
    except DimensionsTooLarge:
        image.close()
        raise
    return image


def _orientation(image: Image.Image) -> int:
    """The orientation of a loaded picture by EXIF, 1 to 8; 1, which is upright, where that cannot be read."""
    try:
        found = image.getexif().get(_ORIENTATION)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # readers of EXIF stumble over broken bytes in many ways
        # The picture is none the worse for it.
        return 1
    return found if isinstance(found, int) and found in _TURNS else 1


def _upright(image: Image.Image) -> Image.Image:
    # Its EXIF may follow its pixels; those that are broken must not pass for broken EXIF.
    image.load()
    turn = _TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


class _NoFurther:
    """A file of which nobody reads more than there is: readers make room for as much as a header says follows."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = file.seek(0, os.SEEK_END)
        self.seek = file.seek
        self.tell = file.tell
        file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Up to that many bytes; all that are left for a negative size."""
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))


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
    """Turn whatever the readers of images run into on broken bytes into one error; the machine's faults stay.

    Their own words are for programmers: names of chunks, of objects in memory, of internal limits.
    """
    try:
        yield
    except (MediaUnreadable, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise MediaUnreadable(f"{what}.") from error


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I"):
        grey = np.asarray(image, dtype=np.int64) >> 8
        return Image.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("RGB")
    return image.convert("RGB")
