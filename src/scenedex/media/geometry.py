"""Geometry of a film: how its coded pictures are cropped, stretched to square pixels, and turned upright."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.media.orientation import Orientation, orientation_of

if TYPE_CHECKING:
    from av import VideoFrame

# Pixels may be wider or narrower than high. Headers with more than this are wrong.
_MAX_PIXEL_ASPECT: Final = 4


@dataclass(frozen=True, slots=True)
class Crop:
    """Columns and rows of a coded picture that are not shown, in pixels."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def fits(self, width: int, height: int) -> bool:
        """Return whether something is left of a picture of this size."""
        return self.left + self.right < width and self.top + self.bottom < height


NO_CROP: Final = Crop()


@dataclass(frozen=True, slots=True)
class PictureHeaders:
    """Headers of a container about the pictures of a film.

    Attributes:
        crop: what is not shown of the pictures.
        pixel_shape: width of a pixel by its height.
        canvas: size of the largest picture if the pictures differ, or `None`.
    """

    crop: Crop = NO_CROP
    pixel_shape: Fraction = Fraction(1)
    canvas: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Geometry:
    """How the pictures of a film are shown. They may differ in size, and all are shown in the same one.

    Attributes:
        width: width of the largest picture in pixels, after the crop.
        height: its height.
        crop: what is not shown of it.
        pixel_shape: width of a pixel by its height.
        orientation: turn of the coded picture.
    """

    width: int
    height: int
    crop: Crop
    pixel_shape: Fraction
    orientation: Orientation

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height of the upright picture in coded pixels, which need not be square."""
        return (self.height, self.width) if self.orientation.is_sideways else (self.width, self.height)

    def coded_size(self, max_height: int) -> tuple[int, int]:
        """Return the sides to which a coded picture is scaled so that the upright one is at most so high."""
        width, height = self.stretched
        scale = min(Fraction(1), max_height / (width if self.orientation.is_sideways else height))
        return max(2, round(width * scale)), max(2, round(height * scale))

    @property
    def stretched(self) -> tuple[Fraction, Fraction]:
        """Width and height of the coded picture in square pixels."""
        return self.width * self.pixel_shape, Fraction(self.height)

    def crop_of(self, frame: VideoFrame) -> Crop:
        """Return the columns and rows of a picture that are not shown, in proportion to its size."""
        whole = (self.width + self.crop.left + self.crop.right, self.height + self.crop.top + self.crop.bottom)
        if self.crop == NO_CROP or (frame.width, frame.height) == whole:
            return self.crop
        across, down = Fraction(frame.width, whole[0]), Fraction(frame.height, whole[1])
        crop = self.crop
        return Crop(
            *(int(side) for side in (crop.left * across, crop.top * down, crop.right * across, crop.bottom * down))
        )


def geometry_of(headers: PictureHeaders, first: VideoFrame) -> Geometry:
    """Return the geometry of a film by its headers and its first picture."""
    width, height = max((first.width, first.height), headers.canvas or (0, 0), key=lambda sides: sides[0] * sides[1])
    crop = headers.crop if headers.crop.fits(width, height) else NO_CROP
    shape = headers.pixel_shape
    return Geometry(
        width - crop.left - crop.right,
        height - crop.top - crop.bottom,
        crop,
        shape if Fraction(1, _MAX_PIXEL_ASPECT) <= shape <= _MAX_PIXEL_ASPECT else Fraction(1),
        orientation_of(first),
    )
