"""Films of recorded speech with a face for each recording, composed so that their times are known."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

GAP_S: Final = 2.0
"""Silence between two recordings. Half of it is before the first one."""

_RATE: Final = 16_000
_FRAMES_PER_S: Final = 25
_WIDTH, _HEIGHT, _FACE_HEIGHT = 640, 360, 320
_SAMPLES: Final = 1024


def compose(media: Path, parts: Sequence[tuple[str, str]], path: Path) -> None:
    """Write a film. Each part is a recording and a picture, by their paths in the folder ``media``."""
    silence = np.zeros(round(_RATE * GAP_S / 2), np.int16)
    sound = [np.concatenate([silence, _recording(media / spoken), silence]) for spoken, _ in parts]
    pictures = [_picture(media / shown) for _, shown in parts]
    with av.open(path, "w") as film:
        video = film.add_stream("mpeg4", rate=_FRAMES_PER_S, bit_rate=4_000_000)  # pyright: ignore[reportUnknownMemberType]  # as below
        video.width, video.height, video.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        audio = film.add_stream("aac", rate=_RATE, layout="mono")  # pyright: ignore[reportUnknownMemberType]  # as below
        ends = np.cumsum([len(one) for one in sound]) / _RATE
        for number in range(int(ends[-1] * _FRAMES_PER_S)):
            shown = int(np.searchsorted(ends, number / _FRAMES_PER_S, side="right"))
            frame = av.VideoFrame.from_ndarray(pictures[shown], format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, _FRAMES_PER_S)
            film.mux(video.encode(frame))  # pyright: ignore[reportUnknownMemberType]  # av leaves Packet unparametrised
        film.mux(video.encode())  # pyright: ignore[reportUnknownMemberType]  # as above
        samples = np.concatenate(sound)
        for start in range(0, len(samples), _SAMPLES):
            heard = av.AudioFrame.from_ndarray(samples[None, start : start + _SAMPLES], format="s16", layout="mono")
            heard.sample_rate, heard.pts, heard.time_base = _RATE, start, Fraction(1, _RATE)
            film.mux(audio.encode(heard))  # pyright: ignore[reportUnknownMemberType]  # as above
        film.mux(audio.encode())  # pyright: ignore[reportUnknownMemberType]  # as above


def _recording(path: Path) -> NDArray[np.int16]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
    with av.open(path) as file:
        frames = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.int16)


def _picture(path: Path) -> NDArray[np.uint8]:
    face = Image.open(path).convert("RGB")
    face = face.resize((face.width * _FACE_HEIGHT // face.height, _FACE_HEIGHT))
    shown = Image.new("RGB", (_WIDTH, _HEIGHT), (40, 60, 80))
    shown.paste(face, ((_WIDTH - face.width) // 2, (_HEIGHT - _FACE_HEIGHT) // 2))
    return np.asarray(shown, np.uint8)
