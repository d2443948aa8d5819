"""Meaning of the colours of decoded pictures: matrix, primaries and transfer function, by tags or by convention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from av.sidedata.sidedata import Type
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc

if TYPE_CHECKING:
    from av import VideoCodecContext, VideoFrame

    from scenedex.media.tones import Primaries, Transfer

# FFmpeg's number of a property that a file does not name.
UNSPECIFIED: Final = 2
_RGB: Final = 0
_BYTE: Final = 8
_CONSTANT_LUMINANCE: Final = 10
# Matrices that the scaler knows, by FFmpeg's numbers.
_KNOWN_MATRICES: Final = frozenset({1, 4, 5, 6, 7, 9})
_TRANSFERS: Final[dict[int, Transfer]] = {ColorTrc.SMPTE2084: "pq", ColorTrc.ARIB_STD_B67: "hlg"}
_PRIMARIES: Final[dict[int, Primaries]] = {
    ColorPrimaries.BT2020: "bt2020",
    ColorPrimaries.SMPTE431: "p3",
    ColorPrimaries.SMPTE432: "p3",
}
# Sample entries of Dolby Vision without a base layer of its own, or with one in any colours.
_DOLBY_VISION: Final = frozenset({"dvh1", "dvhe", "dav1"})
# The convention of players for pictures without a tag: at least so wide, or higher than this.
_HD_WIDTH: Final = 1280
_MAX_SD_HEIGHT: Final = 576


@dataclass(frozen=True, slots=True)
class ColourTags:
    """Colour properties that a container names, by FFmpeg's numbers.

    ``is_dolby_vision`` is known of sample entries of Dolby Vision alone.
    """

    matrix: int = UNSPECIFIED
    primaries: int = UNSPECIFIED
    transfer: int = UNSPECIFIED
    is_dolby_vision: bool = False

    @classmethod
    def of(cls, context: VideoCodecContext) -> ColourTags:
        """Return the tags of a stream before its first picture is decoded."""
        return cls(
            int(context.colorspace),
            int(context.color_primaries),
            int(context.color_trc),
            context.codec_tag in _DOLBY_VISION,
        )


@dataclass(frozen=True, slots=True)
class Colours:
    """Meaning of the colours of a picture.

    Attributes:
        matrix: matrix to use instead of that of the picture, or `None`.
        transfer: transfer function.
        primaries: primaries.
        are_ipt: whether the planes are I, P and T of Dolby Vision 5 in full range.
    """

    matrix: Colorspace | None
    transfer: Transfer
    primaries: Primaries
    are_ipt: bool = False

    @property
    def are_plain(self) -> bool:
        """True for SDR with the primaries of BT.709 or similar ones, which are shown without conversion."""
        return self.transfer == "sdr" and self.primaries == "bt709"


def colours_of(frame: VideoFrame, container: ColourTags) -> Colours:
    """Return the meaning of the colours of a picture. Its own tags count before those of its container."""
    transfer = int(frame.color_trc)
    primaries = int(frame.color_primaries)
    if transfer == container.transfer == UNSPECIFIED and _is_dolby_vision(frame, container):
        return Colours(Colorspace.BT2020, "pq", "bt2020", are_ipt=True)
    hdr = _TRANSFERS.get(container.transfer if transfer == UNSPECIFIED else transfer)
    gamut = _PRIMARIES.get(container.primaries if primaries == UNSPECIFIED else primaries)
    return Colours(
        _matrix(frame, container, is_hdr=hdr is not None), hdr or "sdr", gamut or ("bt2020" if hdr else "bt709")
    )


def _is_dolby_vision(frame: VideoFrame, container: ColourTags) -> bool:
    """Return whether a picture is Dolby Vision. Its version with a base layer has the tags of that layer."""
    is_deep = any(component.bits > _BYTE for component in frame.format.components)
    return is_deep and (container.is_dolby_vision or Type.DOVI_METADATA in frame.side_data)


def _matrix(frame: VideoFrame, container: ColourTags, *, is_hdr: bool) -> Colorspace | None:
    own = int(frame.colorspace)
    if own == _RGB or frame.format.is_rgb or own in _KNOWN_MATRICES:
        return None
    if _CONSTANT_LUMINANCE in (own, container.matrix) or is_hdr:
        return Colorspace.BT2020
    if own == UNSPECIFIED and container.matrix in _KNOWN_MATRICES:
        return {1: Colorspace.ITU709, 4: Colorspace.FCC, 7: Colorspace.SMPTE240M, 9: Colorspace.BT2020}.get(
            container.matrix, Colorspace.ITU601
        )
    is_hd = frame.width >= _HD_WIDTH or frame.height > _MAX_SD_HEIGHT
    return Colorspace.ITU709 if is_hd else Colorspace.ITU601
