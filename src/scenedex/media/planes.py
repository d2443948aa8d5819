"""Small samples of a frame's planes, taken by stride from the decoder's buffers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import VideoFrame
    from av.video.format import VideoFormat, VideoFormatComponent
    from av.video.plane import VideoPlane
    from numpy.typing import NDArray

    Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

LUMA_ROWS = 72
LINE_PAIRS = 12
"""Pairs of adjacent rows in full resolution, from which sharpness is measured."""

_FLAT_CHROMA = 128
_COMPONENTS = 3
_BYTE_BITS = 8
_ROWS_OF_A_FIELD = 3
# Formats whose U and V share a plane, and their positions in its pairs of values.
_PAIRED = {
    name: (u, v)
    for u, v, names in (
        (0, 1, ("nv12", "nv16", "nv24", "p010le", "p012le", "p016le", "p210le", "p410le")),
        (1, 0, ("nv21", "nv42")),
    )
    for name in names
}


@dataclass(frozen=True, slots=True)
class _Pick:
    """Sampled values of a plane: every n-th of every n-th row, from the middle of the first cell."""

    plane: int
    shape: tuple[int, int]
    row_step: int
    column_bytes: int
    first_byte: int
    dtype: type[np.uint8 | np.uint16]
    shift: int

    def take(self, planes: Sequence[VideoPlane]) -> NDArray[np.uint8]:
        plane = planes[self.plane]
        pitch = plane.line_size
        values: NDArray[Any] = np.ndarray(
            self.shape,
            self.dtype,
            cast("bytes", plane),
            (self.row_step // 2) * pitch + self.first_byte,
            (self.row_step * pitch, self.column_bytes),
        )
        sample = (values >> self.shift).astype(np.uint8) if self.shift else values.astype(np.uint8)
        sample.setflags(write=False)
        return sample


class PlaneSampler:
    """Samples every frame of a film to planes of the same shapes, even if later frames differ in size or format.

    Args:
        first: frame that determines the shapes.
    """

    def __init__(self, first: VideoFrame) -> None:
        self._width, self._height, self._name = first.width, first.height, first.format.name
        self._picks = _picks(first)
        self._whole = _pick(first.format, first.format.components[0], 1, 1, 0) if self._picks else None
        shape = (
            (max(1, LUMA_ROWS // 2), 1)
            if not self._picks
            else tuple(max(1, side // 2) for side in self._picks[0].shape)
        )
        self._flat = np.full(shape, _FLAT_CHROMA, np.uint8)
        self._flat.flags.writeable = False

    def sample(self, frame: VideoFrame) -> Planes:
        """Return Y, U and V at about 72, 36 and 36 rows, 8 bits, read-only. Grey pictures have flat chroma of 128."""
        if frame.format.name != self._name or frame.width != self._width or frame.height != self._height:
            frame = frame.reformat(width=self._width, height=self._height, format=self._name)
        # Each access of `planes` creates them again.
        picks, planes = self._picks, frame.planes
        if not picks or planes[0].line_size < 0:
            # Rare formats are converted by the scaler.
            frame = _small(frame)
            picks, planes = _picks(frame), frame.planes
        luma = picks[0].take(planes)
        if len(picks) < _COMPONENTS:
            return luma, self._flat, self._flat
        return luma, picks[1].take(planes), picks[2].take(planes)

    def lines(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """Return pairs of adjacent rows of luma ``(pairs, 2, width)`` at even distances, 8 bits.

        The rows of a pair are of one field if the frame is interlaced.
        """
        plane, luma = frame.planes[0], self._whole
        pairs = min(LINE_PAIRS, frame.height // 2)
        if luma is None or not pairs or plane.line_size < 0 or frame.format.name != self._name:
            grey = cast("NDArray[np.uint8]", frame.reformat(format="gray").to_ndarray())
            rows = np.linspace(0, max(0, frame.height - 2), LINE_PAIRS).astype(np.int64)
            return np.stack([grey[rows], grey[np.minimum(rows + 1, frame.height - 1)]], axis=1)
        step, pitch = frame.height // pairs, plane.line_size
        apart = 2 if frame.interlaced_frame and step > _ROWS_OF_A_FIELD else 1
        values: NDArray[Any] = np.ndarray(
            (pairs, 2, frame.width),
            luma.dtype,
            cast("bytes", plane),
            max(0, step // 2 - 1) * pitch,
            (step * pitch, apart * pitch, luma.column_bytes),
        )
        return (values >> luma.shift if luma.shift else values).astype(np.uint8)


def _small(frame: VideoFrame) -> VideoFrame:
    scale = max(1, frame.height // LUMA_ROWS)
    return frame.reformat(
        width=max(2, frame.width // scale), height=max(2, frame.height // scale), format="yuv420p", interpolation="AREA"
    )


def _picks(frame: VideoFrame) -> tuple[_Pick, ...]:
    """Return the samples to take of such frames, or nothing if their values need conversion."""
    kind = frame.format
    if kind.is_rgb or kind.is_bayer or kind.is_bit_stream or kind.has_palette or kind.is_big_endian:
        return ()
    components = [component for component in kind.components if not component.is_alpha]
    planes = [component.plane for component in components]
    if len(set(planes)) < len(planes) and kind.name not in _PAIRED:
        return ()
    luma = _pick(kind, components[0], frame.height // LUMA_ROWS, frame.height // LUMA_ROWS, 0)
    rows, columns = luma.shape
    places = _PAIRED.get(kind.name, (0, 0))
    return (
        luma,
        *(
            _pick(kind, component, component.height * 2 // rows, component.width * 2 // columns, place)
            for component, place in zip(components[1:_COMPONENTS], places, strict=False)
        ),
    )


def _pick(kind: VideoFormat, component: VideoFormatComponent, row_step: int, column_step: int, place: int) -> _Pick:
    row_step, column_step = max(1, min(row_step, component.height)), max(1, min(column_step, component.width))
    is_wide = component.bits > _BYTE_BITS
    value_bytes = 2 if is_wide else 1
    is_paired = kind.name in _PAIRED
    apart = value_bytes * (2 if is_paired and component.plane else 1)
    # Paired formats of more than 8 bits use the high bits of the word.
    shift = (_BYTE_BITS if is_paired else component.bits - _BYTE_BITS) if is_wide else 0
    return _Pick(
        component.plane,
        (-(-(component.height - row_step // 2) // row_step), -(-(component.width - column_step // 2) // column_step)),
        row_step,
        column_step * apart,
        (column_step // 2) * apart + place * value_bytes,
        np.uint16 if is_wide else np.uint8,
        shift,
    )
