"""Upright pictures of the frames of a film, as people see them: in sRGB, with square pixels and without combs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from scenedex.media.colours import colours_of
from scenedex.media.deinterlacing import has_combs, without_combs
from scenedex.media.geometry import NO_CROP
from scenedex.media.plane_copies import cropped
from scenedex.media.tones import highlights, ipt_to_rgb, to_sdr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import VideoFrame
    from av.video.format import VideoFormat
    from av.video.plane import VideoPlane
    from numpy.typing import NDArray

    from scenedex.media.colours import Colours, ColourTags
    from scenedex.media.geometry import Geometry

# Order of R, G and B in the planes of FFmpeg's planar format.
_PLANES_OF_RGB: Final = (2, 0, 1)
_COLOURS: Final = 3
# Share of the difference between the highlights of a picture and the former white by which white moves.
_PEAK_SHARE: Final = 0.1
_WHITE: Final = 255
_HALF: Final = 128


class PictureReader:
    """Converts frames of one film to upright pictures.

    Args:
        geometry: how the pictures are shown.
        tags: colour properties in the headers of the container.
        is_steady: whether white changes slowly from one picture of HDR to the next, as in a film, so that nothing
            flickers. Otherwise each picture has its own white, whatever was read before.
    """

    def __init__(self, geometry: Geometry, tags: ColourTags, *, is_steady: bool = False) -> None:
        self._geometry = geometry
        self._tags = tags
        self._is_steady = is_steady
        self._peak: float | None = None
        # A scaler is prepared for one size. Making it anew for each picture takes longer than scaling.
        self._scalers: dict[tuple[int, int], VideoReformatter] = {}

    def rgb(self, frame: VideoFrame, max_height: int) -> NDArray[np.uint8]:
        """Return the upright picture as ``(height, width, 3)`` of square pixels, scaled down to ``max_height``."""
        size = self._geometry.coded_size(max_height)
        colours = colours_of(frame, self._tags)
        frame = self.clean(frame)
        return np.ascontiguousarray(self._geometry.orientation.upright(self.sdr(frame, size, colours)))

    def clean(self, frame: VideoFrame) -> VideoFrame:
        """Return the part of a frame that is shown, without combs."""
        if frame.interlaced_frame or has_combs(frame):
            frame = without_combs(frame)
        crop = self._geometry.crop_of(frame)
        return frame if crop == NO_CROP else cropped(frame, crop)

    def _codes(self, frame: VideoFrame, size: tuple[int, int], colours: Colours) -> Sequence[NDArray[np.uint16]]:
        """Return R, G and B in 12 bits."""
        if colours.are_ipt:
            return ipt_to_rgb(self._ipt(frame, size))
        scaled = self._scaler(size).reformat(
            frame,
            *size,
            "gbrp12le",
            src_colorspace=colours.matrix,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return [_plane(scaled.planes[number], size) for number in _PLANES_OF_RGB]

    def _ipt(self, frame: VideoFrame, size: tuple[int, int]) -> Sequence[NDArray[np.uint16]]:
        """Return I, P and T in 12 bits, whose range is always the full one."""
        scaled = self._scaler(size).reformat(
            frame,
            *size,
            "yuv444p12le",
            src_colorspace=Colorspace.BT2020,
            dst_colorspace=Colorspace.BT2020,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return [_plane(plane, size) for plane in scaled.planes]

    def sdr(self, frame: VideoFrame, size: tuple[int, int], colours: Colours) -> NDArray[np.uint8]:
        """Return R, G and B ``(height, width, 3)`` of a clean frame, on white, scaled to a width and height."""
        if colours.are_plain:
            picture = self._scaled(frame, size, colours, "rgba" if has_alpha(frame.format) else "rgb24")
            return _on_white(picture[..., :3], picture[..., 3:]) if picture.shape[2] > _COLOURS else picture
        codes = self._codes(frame, size, colours)
        rgb = to_sdr(codes, colours.transfer, colours.primaries, peak=self._white(highlights(codes, colours.transfer)))
        return _on_white(rgb, self._scaled(frame, size, colours, "rgba")[..., 3:]) if has_alpha(frame.format) else rgb

    def _white(self, peak: float) -> float:
        """Return the light that becomes white in a picture with such highlights."""
        if self._is_steady and self._peak is not None:
            peak = self._peak + (peak - self._peak) * _PEAK_SHARE
        self._peak = peak
        return peak

    def _scaled(self, frame: VideoFrame, size: tuple[int, int], colours: Colours, kind: str) -> NDArray[np.uint8]:
        scaled = self._scaler(size).reformat(
            frame, *size, kind, src_colorspace=colours.matrix, interpolation=Interpolation.AREA, threads=1
        )
        return cast("NDArray[np.uint8]", scaled.to_ndarray())

    def _scaler(self, size: tuple[int, int]) -> VideoReformatter:
        return self._scalers.setdefault(size, VideoReformatter())


def _plane(plane: VideoPlane, size: tuple[int, int]) -> NDArray[np.uint16]:
    width, height = size
    return np.frombuffer(cast("bytes", plane), np.uint16).reshape(height, -1)[:, :width]


def has_alpha(kind: VideoFormat) -> bool:
    """Return whether pictures of a format have transparency."""
    return any(component.is_alpha for component in kind.components)


def _on_white(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if alpha.min() == _WHITE:
        return rgb
    share = alpha.astype(np.uint16)
    mixed = rgb * share
    mixed += _WHITE * (_WHITE - share) + _HALF
    # The division by 255, rounded, without a division.
    return ((mixed + (mixed >> 8)) >> 8).astype(np.uint8)
