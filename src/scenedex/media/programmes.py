"""Programmes of a film: sounds that are heard by themselves, each made of one track or of several mono tracks.

Broadcast files keep the channels of one sound as mono tracks. Other tracks are languages, comments or mixes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

from scenedex.media.sound_mixing import RATE, ChannelMix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.media.sound_choice import TrackHeader

MAX_PROGRAMMES: Final = 8
"""Maximum number of programmes that are heard. Files with more have a reason for the others."""

SILENT_PEAK: Final = 33
"""Maximum of the samples of a silent programme, 60 dB below full scale."""

_SAMPLE_BYTES: Final = 2
# Tracks are interleaved. One that is so far behind the others has a gap.
_MAX_SKEW: Final = 30 * RATE


def programmes_of(tracks: Sequence[TrackHeader], wanted: Sequence[int] = ()) -> list[tuple[int, ...]]:
    """Return the programmes, each as the positions of its tracks. Tracks that cannot be decoded are in none.

    ``wanted`` has the numbers of the tracks to hear, from 1, each of which is a programme then.
    """
    known = [position for position, track in enumerate(tracks) if track.is_decodable]
    if wanted:
        return [(position,) for position in known if position + 1 in wanted]
    mono = [position for position in known if tracks[position].channels == 1 and not tracks[position].is_additional]
    languages = {tracks[position].language for position in mono}
    forms = {(tracks[position].codec, tracks[position].rate) for position in mono}
    if len(mono) > 1 and len(languages) == 1 and len(forms) == 1:
        grouped = [tuple(mono), *((position,) for position in known if position not in mono)]
        return sorted(grouped)
    return [(position,) for position in known]


def main_of(programmes: Sequence[tuple[int, ...]], tracks: Sequence[TrackHeader], silent: Sequence[bool]) -> int:
    """Return the programme that a viewer hears: one with sound, no additional one, the default, the first."""
    return max(
        range(len(programmes)),
        key=lambda number: (
            not silent[number],
            not tracks[programmes[number][0]].is_additional,
            tracks[programmes[number][0]].is_default,
            -number,
        ),
    )


@dataclass(slots=True)
class _Waiting:
    """Samples of a track that wait for those of the others of its programme."""

    chunks: list[NDArray[np.int16]]
    count: int = 0


class ProgrammeWriter:
    """Writes the samples of a programme, mixed from those of its tracks, as they come.

    Args:
        tracks: positions of its tracks.
        file: gets signed 16-bit little-endian samples. Other programmes are written to other places of it.
        start: place of the first sample in the file, in samples.

    Attributes:
        start: place of the first sample.
        samples: number of samples so far.
        peak: maximum of the samples so far.
        loudest: position among its tracks of the loudest one in each second so far. Empty with one track.
    """

    def __init__(self, tracks: Sequence[int], file: BinaryIO, start: int) -> None:
        self.start: Final = start
        self.samples: int = 0
        self.peak = 0
        self.loudest: Final = bytearray()
        self._powers = np.zeros(len(tracks), np.float64)
        self._compared = 0
        self._file = file
        self._unwritten: list[NDArray[np.int16]] = []
        self._written: int = 0
        self._waiting = {track: _Waiting([]) for track in tracks}
        self._mix = ChannelMix(RATE) if len(tracks) > 1 else None

    def add(self, track: int, chunk: NDArray[np.int16]) -> None:
        """Take samples of one of its tracks."""
        if self._mix is None:
            self._write(chunk)
            return
        waiting = self._waiting[track]
        waiting.chunks.append(chunk)
        waiting.count += len(chunk)
        counts = [one.count for one in self._waiting.values()]
        ready = max(min(counts), max(counts) - _MAX_SKEW)
        if ready >= RATE:
            self._mix_waiting(self._mix, ready)

    def finish(self) -> None:
        """Write the samples that waited. Tracks that end early are silent from then on."""
        if self._mix is not None:
            self._mix_waiting(self._mix, max(one.count for one in self._waiting.values()))
            for mono in self._mix.finish():
                self._write(_rounded(mono))
            if self._compared % RATE:
                self._end_second()
        self._flush()

    def _mix_waiting(self, mix: ChannelMix, count: int) -> None:
        channels = np.zeros((len(self._waiting), count), np.float32)
        for row, waiting in enumerate(self._waiting.values()):
            joined = np.concatenate([*waiting.chunks, np.zeros(0, np.int16)])
            channels[row, : min(count, len(joined))] = joined[:count]
            rest = joined[count:]
            waiting.chunks, waiting.count = [rest], len(rest)
        channels /= 32768
        self._compare(channels)
        for mono in mix.feed(channels):
            self._write(_rounded(mono))

    def _compare(self, channels: NDArray[np.float32]) -> None:
        """Note the loudest track of each second."""
        at = 0
        while at < channels.shape[1]:
            end = at + RATE - self._compared % RATE
            part = channels[:, at:end]
            self._powers += np.einsum("cn,cn->c", part, part)
            self._compared += part.shape[1]
            at = end
            if self._compared % RATE == 0:
                self._end_second()

    def _end_second(self) -> None:
        self.loudest.append(int(self._powers.argmax()))
        self._powers[:] = 0

    def _write(self, samples: NDArray[np.int16]) -> None:
        self._unwritten.append(samples)
        self.samples += len(samples)
        if self.samples - self._written >= RATE:
            self._flush()

    def _flush(self) -> None:
        if self.samples == self._written:
            return
        joined = np.concatenate(self._unwritten)
        # The least sample has no positive counterpart in 16 bits.
        self.peak = max(self.peak, int(joined.max()), -int(joined.min()))
        self._file.seek(_SAMPLE_BYTES * (self.start + self._written))
        self._file.write(joined.astype("<i2", copy=False).data)
        self._unwritten = []
        self._written = self.samples


def _rounded(mono: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.clip(np.rint(mono * 32768), -32768, 32767).astype(np.int16)
