"""Keyframe files of one asset, in the work folder of the child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode


class EncodePicture(Protocol):
    """Turns a picture of shape ``(height, width, 3)`` into the bytes of a JPEG file."""

    def __call__(self, rgb: NDArray[np.uint8], quality: int) -> bytes:
        """Encodes with a quality of 1-100."""
        ...


class DecodePicture(Protocol):
    """Turns the bytes of a JPEG file back into a picture of shape ``(height, width, 3)``."""

    def __call__(self, jpeg: bytes, max_height: int) -> NDArray[np.uint8]:
        """Decodes, scaled down so that the picture is at most so high."""
        ...


class FramePress:
    """Turns frames, which hold the decoder's buffers, into small stand-ins that hold a JPEG."""

    def __init__(self, encode: EncodePicture, decode: DecodePicture, *, max_height: int, quality: int) -> None:
        self._encode = encode
        self._decode = decode
        self._max_height = max_height
        self._quality = quality

    def __call__(self, frame: Frame) -> PressedFrame:
        """The stand-in of a frame."""
        jpeg = self._encode(frame.rgb(self._max_height), self._quality)
        return PressedFrame(frame.index, frame.time, frame.sampled_planes(), jpeg, self._decode)


@dataclass(frozen=True, slots=True, eq=False)
class PressedFrame:
    """A `Frame` whose picture is a JPEG, no higher than keyframes are."""

    index: int
    time: Timecode
    planes: Sequence[NDArray[np.uint8]]
    jpeg: bytes
    decode: DecodePicture

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """The planes; see `Frame`."""
        return self.planes

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """The picture; see `Frame`."""
        return self.decode(self.jpeg, max_height)


class KeyframeFiles:
    """Writes each still once, as ``keyframe-000001.jpg`` and so on, in the order in which they were taken."""

    def __init__(self, folder: Path, encode: EncodePicture, *, max_height: int, quality: int) -> None:
        self._folder = folder
        self._encode = encode
        self._max_height = max_height
        self._quality = quality
        self._names: dict[Timecode, str] = {}
        self._others: list[Callable[[Frame], None]] = []

    def also(self, keep: Callable[[Frame], None]) -> None:
        """Shows each still that is stored to somebody else too."""
        self._others.append(keep)

    def keep(self, frame: Frame) -> None:
        """Stores the picture of a frame; see `StillStore`."""
        if frame.time not in self._names:
            self.add(frame.time, frame.rgb(self._max_height))
            for keep in self._others:
                keep(frame)

    def add(self, time: Timecode, rgb: NDArray[np.uint8]) -> None:
        """Stores a picture, whatever its size, as the still of a moment."""
        name = f"keyframe-{len(self._names) + 1:06d}.jpg"
        (self._folder / name).write_bytes(self._encode(rgb, self._quality))
        self._names[time] = name

    def name(self, time: Timecode) -> str:
        """The file that holds the still of a moment."""
        return self._names[time]
