"""Copies of decoded pictures with other planes: rows that are replaced, or a part of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import VideoFrame
    from av.video.format import VideoFormat
    from numpy.typing import NDArray

    from scenedex.media.geometry import Crop

_BYTE_BITS: Final = 8
_TAGS: Final = ("colorspace", "color_range", "color_trc", "color_primaries")


def plane_rows(frame: VideoFrame) -> list[tuple[NDArray[Any], int]] | None:
    """Return the rows of each plane as numbers, with their bits, or `None` if they are no plain numbers.

    Rows include the padding of the decoder.
    """
    kind = frame.format
    if kind.is_big_endian or kind.is_bit_stream or kind.has_palette or kind.is_bayer:
        return None
    depth = max(component.bits for component in kind.components)
    dtype = np.uint8 if depth <= _BYTE_BITS else np.uint16
    planes = frame.planes
    if any(plane.line_size <= 0 for plane in planes):
        return None
    return [
        (np.frombuffer(cast("bytes", plane), dtype).reshape(plane.height, -1), _range_bits(kind, depth))
        for plane in planes
    ]


def with_planes(frame: VideoFrame, planes: Sequence[NDArray[Any]]) -> VideoFrame:
    """Return a picture of the same format with these planes, whose rows may be padded, and the tags of a frame."""
    return _made(frame, frame.width, frame.height, planes)


def cropped(frame: VideoFrame, crop: Crop) -> VideoFrame:
    """Return a part of a picture, or the frame itself if its format has no plain planes."""
    rows = plane_rows(frame)
    if rows is None:
        return frame
    width, height = frame.width - crop.left - crop.right, frame.height - crop.top - crop.bottom
    parts: list[NDArray[Any]] = []
    for number, (plane, _depth) in enumerate(rows):
        across, down = _subsampling(frame, number)
        values = _values_per_pixel(frame.format, number)
        top, left = crop.top // down, crop.left // across * values
        parts.append(plane[top : top - (-height // down), left : left - (-width // across) * values])
    return _made(frame, width, height, parts)


def _made(frame: VideoFrame, width: int, height: int, planes: Sequence[NDArray[Any]]) -> VideoFrame:
    made = av.VideoFrame(width, height, frame.format.name)
    for target, plane in zip(made.planes, planes, strict=True):
        rows = np.zeros((target.height, target.line_size // plane.itemsize), plane.dtype)
        columns = min(rows.shape[1], plane.shape[1])
        rows[:, :columns] = plane[: target.height, :columns]
        target.update(rows.tobytes())
    for tag in _TAGS:
        setattr(made, tag, getattr(frame, tag))
    made.pts = frame.pts
    return made


def _subsampling(frame: VideoFrame, plane: int) -> tuple[int, int]:
    """Return the columns and rows of a picture for one of a plane."""
    of = frame.planes[plane]
    return max(1, round(frame.width / of.width)), max(1, round(frame.height / of.height))


def _values_per_pixel(kind: VideoFormat, plane: int) -> int:
    return sum(component.plane == plane for component in kind.components)


def _range_bits(kind: VideoFormat, depth: int) -> int:
    # Paired formats of more than 8 bits use the high bits of the word.
    is_high = depth > _BYTE_BITS and kind.name.startswith("p") and kind.name[1:4].isdigit()
    return 16 if is_high else depth
