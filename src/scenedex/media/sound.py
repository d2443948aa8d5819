"""One pass over the sound of a film: mono samples, each at its presentation time."""

from __future__ import annotations

import math
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
from av.error import FFmpegError
from av.stream import Discard, Disposition

from scenedex.media.containers import exact, lacks_memory
from scenedex.media.sound_mixing import RATE, Mixer, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import av
    from av.audio.stream import AudioStream
    from numpy.typing import NDArray

    from scenedex.media.containers import Film

SOUND_CODECS: Final = frozenset({"aac", "ac3", "alac", "dts", "eac3", "flac", "mp2", "mp3", "opus", "vorbis"})
"""Codecs that are decoded, besides plain samples."""

_PLAIN_SAMPLES = "pcm_"
_SECONDS_BETWEEN_REPORTS = 0.2
_FRAMES_BETWEEN_CLOCKS = 32
_MOST_DAMAGED_IN_A_ROW = 10_000
# Clocks of containers round to milliseconds; what differs by more is a gap or an overlap.
_TOLERANCE = Fraction(1, 100)
_MOST_AT_ONCE = RATE
_BESIDE_THE_FILM = Disposition.comment | Disposition.visual_impaired | Disposition.hearing_impaired


class SoundPass:
    """The sound of one film; may be walked once.

    Args:
        film: the opened video; none of its frames may be read meanwhile.
        length: how long the asset is, in seconds; what sounds later is left out.
        report: told how far the pass has come, 0 to 1, and how many samples it has given.

    Attributes:
        damaged_packets: packets that could not be decoded, so far.
        samples: samples given, so far; 0 after the walk where there is no sound that can be decoded.
    """

    def __init__(self, film: Film, *, length: Fraction, report: Callable[[float, int], None]) -> None:
        self.damaged_packets = 0
        self.samples = 0
        self._container = film.container
        self._origin = film.origin
        self._stream = _choose(film)
        self._most = math.ceil(length * RATE)
        self._report = report
        for stream in film.container.streams:
            stream.discard = Discard.default if stream is self._stream else Discard.all

    def chunks(self) -> Iterator[NDArray[np.int16]]:
        """Samples at `RATE`, the first at time 0 of the asset, in pieces of at most a second.

        Where nothing sounds there is silence; of two sounds for one moment the first counts. Damaged packets are
        passed over.
        """
        run: _Run | None = None
        reported = time.monotonic()
        for number, frame in enumerate(self._decoded()):
            moment = self._moment(frame)
            try:
                if run is None or not run.goes_on_with(frame, moment):
                    if run is not None:
                        yield from self._placed(run, run.mixer.finish())
                    # A frame without a time follows what is there.
                    run = _Run(frame, Fraction(self.samples, RATE) if moment is None else moment)
                yield from self._placed(run, run.feed(frame))
            except (FFmpegError, ValueError) as error:
                if lacks_memory(error):
                    raise
                self.damaged_packets += 1
                run = None
            if number % _FRAMES_BETWEEN_CLOCKS == 0 and time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                self._report(self.samples / self._most, self.samples)
        if run is not None:
            yield from self._placed(run, run.mixer.finish())

    def _placed(self, run: _Run, blocks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
        for block in blocks:
            place = run.place
            run.place += len(block)
            if place >= self._most:
                continue
            while self.samples < place:
                yield self._given(np.zeros(min(_MOST_AT_ONCE, place - self.samples), np.int16))
            fresh = block[max(0, self.samples - place) : self._most - place]
            for start in range(0, len(fresh), _MOST_AT_ONCE):
                yield self._given(fresh[start : start + _MOST_AT_ONCE])

    def _given(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        self.samples += len(samples)
        return samples

    def _moment(self, frame: av.AudioFrame) -> Fraction | None:
        """When a frame begins to sound, in seconds from time 0 of the asset."""
        tick = exact(frame.time_base)
        if frame.pts is None or tick is None:
            return None
        presented = frame.pts * tick
        if self._origin is None:
            self._origin = presented
        return presented - self._origin

    def _decoded(self) -> Iterator[av.AudioFrame]:
        stream, damaged_in_a_row = self._stream, 0
        if stream is None:
            return
        packets = self._container.demux(stream)
        while damaged_in_a_row < _MOST_DAMAGED_IN_A_ROW:
            try:
                packet = next(packets)
                frames = packet.decode()
            except StopIteration:
                return
            except FFmpegError as error:
                if lacks_memory(error):
                    raise
                damaged_in_a_row += 1
                self.damaged_packets += 1
                # The walk over the packets may have ended with the error; a new one goes on where it was.
                packets = self._container.demux(stream)
                continue
            if frames:
                damaged_in_a_row = 0
                yield from (frame for frame in frames if frame.samples > 0 and frame.sample_rate > 0)


class _Run:
    """Frames of one form that follow one another without a gap."""

    def __init__(self, first: av.AudioFrame, start: Fraction) -> None:
        self.mixer = Mixer(first)
        self.place = round(start * RATE)
        self._start = start
        self._fed = 0

    def goes_on_with(self, frame: av.AudioFrame, moment: Fraction | None) -> bool:
        form = self.mixer.form
        if form_of(frame) != form:
            return False
        return moment is None or abs(moment - self._start - Fraction(self._fed, form.rate)) <= _TOLERANCE

    def feed(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        self._fed += frame.samples
        return self.mixer.feed(frame)


def _choose(film: Film) -> AudioStream | None:
    """The stream that is the sound of the film: the default one, else the first that is no commentary."""
    known = [stream for stream in film.container.streams.audio if _is_known(stream)]
    return max(
        known,
        key=lambda stream: (
            not stream.disposition & _BESIDE_THE_FILM,
            bool(stream.disposition & Disposition.default),
            -stream.index,
        ),
        default=None,
    )


def _is_known(stream: AudioStream) -> bool:
    context = stream.codec_context
    if context is None:  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context
        return False
    codec = context.codec.canonical_name
    return codec in SOUND_CODECS or codec.startswith(_PLAIN_SAMPLES)
