"""Keyframe files of one asset in the work folder of the child process, and frames that wait to become one."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from scenedex.engines.layout import row_pairs
from scenedex.media.images import encode_jpeg, read_image, shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode


COMPRESSED_QUALITY = 95
"""JPEG quality of compressed frames. It is high because keyframes are encoded from them again."""

MAX_COMPRESSED_PIXELS = 1 << 26


@dataclass(frozen=True, slots=True, eq=False)
class CompressedFrame:
    """`Frame` with its picture as JPEG, no higher than keyframes are. It occupies no buffer of the decoder."""

    index: int
    time: Timecode
    planes: Sequence[NDArray[np.uint8]]
    jpeg: bytes

    @classmethod
    def of(cls, frame: Frame, max_height: int) -> CompressedFrame:
        """Compress a frame."""
        jpeg = encode_jpeg(frame.rgb(max_height), COMPRESSED_QUALITY)
        return cls(frame.index, frame.time, frame.sampled_planes(), jpeg)

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """Return the planes. See `Frame`."""
        return self.planes

    def luma_lines(self) -> NDArray[np.uint8]:
        """Return pairs of rows of the sampled luma. See `Frame`."""
        return row_pairs(self.planes[0])

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """Return the picture. See `Frame`."""
        return shrink(read_image(BytesIO(self.jpeg), "jpg", max_pixels=MAX_COMPRESSED_PIXELS), max_height)


class KeyframeFiles:
    """Files of stills, named ``keyframe-000001.jpg`` and so on in the order in which they are saved."""

    def __init__(self, folder: Path, *, max_height: int, quality: int) -> None:
        self._folder = folder
        self._max_height = max_height
        self._quality = quality
        self._names: dict[Timecode, str] = {}
        self._callbacks: list[Callable[[Frame], None]] = []

    def on_save(self, callback: Callable[[Frame], None]) -> None:
        """Call a function with each frame that is saved."""
        self._callbacks.append(callback)

    def save(self, frame: Frame) -> None:
        """Store the picture of a frame once. See `StillStore`."""
        if frame.time not in self._names:
            self.add(frame.time, frame.rgb(self._max_height))
            for callback in self._callbacks:
                callback(frame)

    def add(self, time: Timecode, rgb: NDArray[np.uint8]) -> None:
        """Store a picture of any size as the still of a time."""
        name = f"keyframe-{len(self._names) + 1:06d}.jpg"
        (self._folder / name).write_bytes(encode_jpeg(rgb, self._quality))
        self._names[time] = name

    def name(self, time: Timecode) -> str:
        """Return the name of the file with the still of a time."""
        return self._names[time]
