"""Samples of frames of any sample format as floating-point channels, and back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class _Encoding(NamedTuple):
    """Full scale, and value of silence, of samples in whole numbers. ``type`` is their name in NumPy."""

    type: str
    full_scale: float
    silence: float = 0.0


_WHOLE_NUMBERS: Final[Mapping[str, _Encoding]] = {
    "u8": _Encoding("u1", 2.0**7, 2.0**7),
    "s16": _Encoding("i2", 2.0**15),
    "s32": _Encoding("i4", 2.0**31),
    "s64": _Encoding("i8", 2.0**63),
}


def channels_of(frame: av.AudioFrame) -> NDArray[np.float32]:
    """Return the samples of a frame as ``(channels, n)``, with a full scale of 1. It has one plane or fewer than 8."""
    samples = cast("NDArray[np.float32]", frame.to_ndarray())
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    encoding = _WHOLE_NUMBERS.get(_encoding_name(frame))
    converted = samples.astype(np.float32, copy=False)
    return converted if encoding is None else (converted - encoding.silence) / encoding.full_scale


def frame_of(mono: NDArray[np.float32], like: av.AudioFrame) -> av.AudioFrame:
    """Return a frame of the form of another in which every channel has the same samples ``(n,)``."""
    channels, samples = like.layout.nb_channels, _encoded(mono, _encoding_name(like))
    if like.format.is_planar:
        shaped = np.ascontiguousarray(np.broadcast_to(samples, (channels, len(samples))))
    else:
        shaped = np.repeat(samples, channels)[None]
    frame = av.AudioFrame.from_ndarray(shaped, format=like.format.name, layout=like.layout.name)
    frame.sample_rate = like.sample_rate
    frame.pts, frame.time_base = like.pts, like.time_base or Fraction(1, like.sample_rate)
    return frame


def _encoding_name(frame: av.AudioFrame) -> str:
    """Return the name of a format without the mark of planes."""
    return frame.format.name.removesuffix("p")


def _encoded(samples: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Return samples as NumPy has those of a format. The type of the array is that of the format."""
    encoding = _WHOLE_NUMBERS.get(name)
    if encoding is None:
        return samples.astype("f8" if name == "dbl" else "f4")
    # In double precision, since 32-bit samples have more digits than a float. The greatest value is below full scale.
    values = samples.astype(np.float64) * encoding.full_scale
    most = np.nextafter(encoding.full_scale, 0) if name == "s64" else encoding.full_scale - 1
    return (values.round().clip(-encoding.full_scale, most) + encoding.silence).astype(encoding.type)
