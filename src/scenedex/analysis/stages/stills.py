"""Keyframe files of one asset in the work folder of the child process."""

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
    """Encoder of a picture of shape ``(height, width, 3)`` as JPEG."""

    def __call__(self, rgb: NDArray[np.uint8], quality: int) -> bytes:
        """Encode with a quality of 1-100."""
        ...


class DecodePicture(Protocol):
    """Decoder of a JPEG to a picture of shape ``(height, width, 3)``."""

    def __call__(self, jpeg: bytes, max_height: int) -> NDArray[np.uint8]:
        """Decode, scaled down to at most ``max_height`` rows."""
        ...


class FrameCompressor:
    """Replaces frames, which occupy buffers of the decoder, by small frames that hold a JPEG."""

    def __init__(self, encode: EncodePicture, decode: DecodePicture, *, max_height: int, quality: int) -> None:
        self._encode = encode
        self._decode = decode
        self._max_height = max_height
        self._quality = quality

    def __call__(self, frame: Frame) -> CompressedFrame:
        """Compress a frame."""
        jpeg = self._encode(frame.rgb(self._max_height), self._quality)
        return CompressedFrame(frame.index, frame.time, frame.sampled_planes(), jpeg, self._decode)


@dataclass(frozen=True, slots=True, eq=False)
class CompressedFrame:
    """`Frame` with its picture as JPEG, no higher than keyframes are."""

    index: int
    time: Timecode
    planes: Sequence[NDArray[np.uint8]]
    jpeg: bytes
    decode: DecodePicture

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """Return the planes. See `Frame`."""
        return self.planes

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """Return the picture. See `Frame`."""
        return self.decode(self.jpeg, max_height)


class KeyframeFiles:
    """Files of stills, named ``keyframe-000001.jpg`` and so on in the order in which they are saved."""

    def __init__(self, folder: Path, encode: EncodePicture, *, max_height: int, quality: int) -> None:
        self._folder = folder
        self._encode = encode
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
        (self._folder / name).write_bytes(self._encode(rgb, self._quality))
        self._names[time] = name

    def name(self, time: Timecode) -> str:
        """Return the name of the file with the still of a time."""
        return self._names[time]
