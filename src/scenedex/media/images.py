"""Reading and writing of still pictures."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np
from PIL import Image, ImageFile

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.still_colours import png_colours, to_srgb

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from scenedex.media_formats import MediaFormat, PictureFormat

_READERS = {"png": ("PNG",), "jpg": ("JPEG",), "heic": ("HEIF",), "webp": ("WEBP",)}
_ORIENTATION = 0x0112
# Transposition to upright by EXIF orientation. The last four are sideways.
_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_SIDEWAYS = 5
_WEBP_HEAD_BYTES: Final = 30
_RIFF_HEAD: Final = 8
_LOSSY_START: Final = b"\x9d\x01\x2a"
_LOSSLESS_START: Final = 0x2F
_ANIMATION: Final = 0x02
_SIDE_BITS: Final = 14
_GREY: Final = 128
_SIDE: Final = (1 << _SIDE_BITS) - 1


@dataclass(frozen=True, slots=True)
class WebpHeader:
    """Facts in the header: sides in pixels before any rotation, and animation."""

    width: int
    height: int
    is_animated: bool


def measure_image(file: BinaryIO, kind: MediaFormat, *, max_pixels: int, is_whole: bool = True) -> tuple[int, int]:
    """Return the upright width and height of a picture after decoding it from its first to its last row.

    Unless ``is_whole``, its last rows may be missing.

    Raises:
        MediaUnreadable: it is broken.
        DimensionsTooLarge: its header claims more pixels than allowed. Nothing was decoded.
    """
    with (
        _open(file, kind, max_pixels) as image,
        _translated_errors("The picture is broken or ends early"),
        _cut_pictures(allowed=not is_whole),
    ):
        image.load()
        is_sideways = _orientation(image) >= _FIRST_SIDEWAYS
        return (image.height, image.width) if is_sideways else (image.width, image.height)


def missing_share(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> float | None:
    """Return the share of the rows that are missing at the end of a JPEG that cannot be decoded as a whole.

    `None` if it has another format. A progressive JPEG may have all rows and lack some of their details.

    Raises:
        MediaUnreadable: nothing of it can be decoded.
        DimensionsTooLarge: its header claims more pixels than allowed. Nothing was decoded.
    """
    if kind != "jpg":
        return None
    with _open(file, kind, max_pixels) as image, _translated_errors("The picture is broken"), _cut_pictures():
        image.load()
        rows = np.asarray(image).reshape(image.height, -1)
    # The library leaves rows black that it does not reach, and the decoder makes those without data grey.
    is_there = (rows.min(axis=1) != rows.max(axis=1)) | ~np.isin(rows[:, 0], (0, _GREY))
    return 1 - float(is_there.nonzero()[0].max(initial=-1) + 1) / image.height


def read_image(
    file: BinaryIO, kind: MediaFormat, *, max_pixels: int, longest_side: int | None = None
) -> NDArray[np.uint8]:
    """Return the upright picture as ``(height, width, 3)``, with transparent parts in white.

    The missing end of a JPEG is grey. See `missing_share`.

    Args:
        file: the picture.
        kind: its format.
        max_pixels: maximum number of pixels.
        longest_side: pixels of the longer side that are enough. A JPEG file with at least twice as many is decoded at a
            half, a quarter or an eighth, which is several times faster.

    Raises:
        MediaUnreadable: it is broken.
        DimensionsTooLarge: its header claims more pixels than allowed.
    """
    with (
        _open(file, kind, max_pixels) as image,
        _translated_errors("The picture is broken or ends early"),
        _cut_pictures(allowed=kind == "jpg"),
    ):
        if longest_side is not None:
            share = longest_side / max(image.size)
            image.draft(None, (round(image.width * share), round(image.height * share)))
        return np.asarray(_as_rgb(_upright(image)))


def read_still(file: BinaryIO, kind: PictureFormat, *, max_pixels: int) -> NDArray[np.uint8]:
    """Return the upright picture as `read_image` does, unless it is animated.

    Raises:
        MediaUnreadable: it is broken, or animated.
        DimensionsTooLarge: its header claims more pixels than allowed.
    """
    with _open(file, kind, max_pixels) as image, _translated_errors("The picture is broken or ends early"):
        # JPEG and HEIC contain several pictures if a camera adds a depth map or a second exposure.
        if kind in ("png", "webp") and getattr(image, "is_animated", False):
            raise MediaUnreadable("The picture is animated.")
        return np.asarray(_as_rgb(_upright(image)))


def shrink(rgb: NDArray[np.uint8], max_height: int) -> NDArray[np.uint8]:
    """Scale the picture down to ``max_height``."""
    height, width = rgb.shape[:2]
    if height <= max_height:
        return rgb
    size = (max(1, round(width * max_height / height)), max_height)
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, reducing_gap=3))


def resize(rgb: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Scale the picture to these sides."""
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2))


def encode_jpeg(rgb: NDArray[np.uint8], quality: int = 85) -> bytes:
    """Encode a picture ``(height, width, 3)`` as a JPEG."""
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=quality, optimize=False)
    return out.getvalue()


def _open(file: BinaryIO, kind: MediaFormat | PictureFormat, max_pixels: int) -> Image.Image:
    if kind == "webp":
        # Before the library opens the file, since it allocates the whole picture.
        header = read_webp_header(file)
        if header.is_animated:
            raise MediaUnreadable("The picture is animated.")
        _require_dimensions(header.width, header.height, max_pixels)
    # `max_pixels` replaces the library's limit, which only warns.
    Image.MAX_IMAGE_PIXELS = None
    if kind == "heic":
        import pillow_heif  # noqa: PLC0415  # the other formats do not need it

        pillow_heif.register_heif_opener(thumbnails=False)  # pyright: ignore[reportUnknownMemberType]  # untyped options
        # The library knows fewer brands of files than of pictures. The format is known here.
        Image.register_open("HEIF", pillow_heif.HeifImageFile)
    properties = png_colours(file) if kind == "png" else None
    with _translated_errors("The header of the picture is broken"):
        image = Image.open(_BoundedFile(file), formats=_READERS[kind])  # pyright: ignore[reportArgumentType]  # readers use nothing else
    if properties is not None:
        # They count before a profile.
        image.info = {"nclx_profile": properties}
    try:
        _require_dimensions(image.width, image.height, max_pixels)
    except DimensionsTooLarge:
        image.close()
        raise
    return image


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation of a loaded picture, 1 to 8, or 1 (upright) if it cannot be read."""
    try:
        found = image.getexif().get(_ORIENTATION)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # EXIF readers fail on broken bytes in many ways
        return 1
    return found if isinstance(found, int) and found in _TRANSPOSES else 1


def _upright(image: Image.Image) -> Image.Image:
    # Load first: EXIF may follow the pixels, and broken pixels must not count as broken EXIF.
    image.load()
    transpose = _TRANSPOSES.get(_orientation(image))
    return image if transpose is None else image.transpose(transpose)


class _BoundedFile:
    """A file whose reads end at its size, since readers allocate as much as a header claims."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = file.seek(0, os.SEEK_END)
        self.seek = file.seek
        self.tell = file.tell
        file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, or all remaining ones if it is negative."""
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))


def read_webp_header(file: BinaryIO) -> WebpHeader:
    """Read the header of a WebP file. Source: RFC 9649.

    Raises:
        MediaUnreadable: it is no WebP, its header is broken, or the file is truncated.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_WEBP_HEAD_BYTES)
    if len(head) < _WEBP_HEAD_BYTES or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        raise MediaUnreadable("The header of the picture is broken.")
    if int.from_bytes(head[4:8], "little") + _RIFF_HEAD > end:
        raise MediaUnreadable("The file ends early: it was cut off, or its copy is incomplete.")
    match head[12:16]:
        case b"VP8X":
            width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
            return WebpHeader(width, height, bool(head[20] & _ANIMATION))
        case b"VP8L" if head[20] == _LOSSLESS_START:
            sides = int.from_bytes(head[21:25], "little")
            return WebpHeader(1 + (sides & _SIDE), 1 + (sides >> _SIDE_BITS & _SIDE), is_animated=False)
        case b"VP8 " if head[23:26] == _LOSSY_START:
            width, height = (int.from_bytes(head[at : at + 2], "little") & _SIDE for at in (26, 28))
            return WebpHeader(width, height, is_animated=False)
        case _:
            raise MediaUnreadable("The header of the picture is broken.")


def _require_dimensions(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise DimensionsTooLarge(f"The picture is {width}x{height}.")


@contextmanager
def _cut_pictures(*, allowed: bool = True) -> Generator[None]:
    """Have the library decode pictures whose end is missing for the block."""
    ImageFile.LOAD_TRUNCATED_IMAGES = allowed
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


@contextmanager
def _translated_errors(what: str) -> Generator[None]:
    """Raise every error of image readers on broken bytes as `MediaUnreadable`, but not errors of the machine.

    The readers' messages name chunks, objects and internal limits, and mean nothing to users.
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
    image = to_srgb(image)
    if image.mode in ("I;16", "I;16B", "I"):
        grey = np.asarray(image, dtype=np.int64) >> 8
        return Image.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("RGB")
    return image.convert("RGB")
