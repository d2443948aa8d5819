"""Headers of the video tracks of Matroska and WebM files that the demuxer does not pass on. Source: RFC 9559."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from scenedex.media.geometry import Crop
from scenedex.media.matroska import elements

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEGMENT, _TRACKS, _CLUSTER = 0x18538067, 0x1654AE6B, 0x1F43B675
_TRACK_ENTRY, _TRACK_TYPE, _VIDEO = 0xAE, 0x83, 0xE0
_WIDTH, _HEIGHT, _ALPHA_MODE = 0xB0, 0xBA, 0x53C0
_CROP_BOTTOM, _CROP_TOP, _CROP_LEFT, _CROP_RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD
_DISPLAY_WIDTH, _DISPLAY_HEIGHT = 0x54B0, 0x54BA
_MASTERS: Final = frozenset({_SEGMENT, _TRACKS, _TRACK_ENTRY, _VIDEO})
_VIDEO_TYPE: Final = 1
_HEAD_BYTES: Final = 1024**2
_MAX_NUMBER_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """Headers of a video track.

    Attributes:
        width: width of its pictures before the crop.
        height: their height.
        crop: what is not shown of them.
        display: width and height at which players show the cropped picture, or `None` if the file does not say.
        has_alpha: whether blocks have a second picture, of transparency.
    """

    width: int
    height: int
    crop: Crop
    display: tuple[int, int] | None
    has_alpha: bool

    @property
    def has_uncropped_display(self) -> bool:
        """True if the display size is that before the crop, so that it says nothing of the shape of pixels.

        Writers that add a crop to a finished file leave the display size behind.
        """
        return self.crop != Crop() and self.display == (self.width, self.height)


def video_tracks(file: BinaryIO) -> tuple[VideoTrack, ...]:
    """Return the headers of the video tracks in their order, without failing on any bytes."""
    file.seek(0)
    data = file.read(_HEAD_BYTES)
    tracks: list[dict[int, int]] = []
    for kind, start, end in elements(data, 0, _MASTERS):
        if kind == _CLUSTER:
            break
        if kind == _TRACK_ENTRY:
            tracks.append({})
        elif tracks and end - start <= _MAX_NUMBER_BYTES:
            tracks[-1].setdefault(kind, int.from_bytes(data[start:end], "big"))
    return tuple(_track(numbers) for numbers in tracks if numbers.get(_TRACK_TYPE) == _VIDEO_TYPE)


def _track(numbers: Mapping[int, int]) -> VideoTrack:
    left, top, right, bottom = (numbers.get(kind, 0) for kind in (_CROP_LEFT, _CROP_TOP, _CROP_RIGHT, _CROP_BOTTOM))
    display = (numbers.get(_DISPLAY_WIDTH, 0), numbers.get(_DISPLAY_HEIGHT, 0))
    return VideoTrack(
        numbers.get(_WIDTH, 0),
        numbers.get(_HEIGHT, 0),
        Crop(left, top, right, bottom),
        display if all(display) else None,
        numbers.get(_ALPHA_MODE, 0) == 1,
    )
