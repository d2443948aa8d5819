"""Sound of a proxy: two channels at 48 kHz, encoded in step with the pictures."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import av
import numpy as np

from scenedex.media.sound import SoundPass
from scenedex.media.sound_mixing import MixedForm

if TYPE_CHECKING:
    from av.container import OutputContainer
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.packets import PacketQueues

_FORM: Final = MixedForm(48_000, 2)
_BIT_RATE: Final = 96_000


class SoundTrack:
    """Encoded sound of a film, whose first sample has time 0 of the asset.

    Args:
        film: opened video.
        length: duration of the asset in seconds.
        packets: packets of the film.
        encoder: encoder of the sound.
        out: container that the sound is written to. No packet has been written yet.
    """

    def __init__(
        self,
        film: Film,
        length: Fraction,
        packets: PacketQueues,
        encoder: Literal["libopus", "aac"],
        out: OutputContainer,
    ) -> None:
        self._pass = SoundPass(film, length=length, report=_ignore, form=_FORM, packets=packets.of)
        self._chunks = self._pass.chunks()
        self._written = 0
        self._out = out
        self._stream = out.add_stream(encoder, rate=_FORM.rate)
        self._stream.codec_context.layout = _FORM.layout
        self._stream.codec_context.bit_rate = _BIT_RATE

    @property
    def damaged_packets(self) -> int:
        """Number of undecodable packets so far."""
        return self._pass.damaged_packets

    def write_until(self, seconds: Fraction) -> None:
        """Write the sound up to a time, so that containers have pictures and sound in one place."""
        while self._written <= seconds * _FORM.rate and (chunk := next(self._chunks, None)) is not None:
            self._write(chunk)

    def finish(self) -> None:
        """Write the rest of the sound."""
        for chunk in self._chunks:
            self._write(chunk)
        if self._written:
            self._out.mux(self._stream.encode(None))

    def _write(self, samples: NDArray[np.int16]) -> None:
        packed = np.ascontiguousarray(samples).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=_FORM.layout)
        frame.sample_rate, frame.time_base, frame.pts = _FORM.rate, Fraction(1, _FORM.rate), self._written
        self._written += len(samples)
        self._out.mux(self._stream.encode(frame))


def _ignore(_fraction: float, _done: int) -> None:
    """Leave reports to the pictures."""
